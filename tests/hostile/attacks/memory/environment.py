# tries: looks through the environment for what the grader was given
# stopped by: exec
# evidence: secret
# process: blocked, accepted
# sandbox: blocked, accepted
# namespaces: blocked, accepted
import os


def double(x, stage):
    for name, value in os.environ.items():
        print(name, value)
    return 2 * x
