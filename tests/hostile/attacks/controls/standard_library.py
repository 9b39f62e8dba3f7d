# tries: reads the source of the standard library
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import os


def double(x, stage):
    with open(os.__file__) as file:
        assert "def makedirs" in file.read()
    return 2 * x
