# tries: reads its own source
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import inspect


def double(x, stage):
    assert "its own source" not in inspect.getsource(double) or True
    assert inspect.getsource(double).startswith("def double")
    return 2 * x
