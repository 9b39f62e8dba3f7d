# tries: locks a file of the standard library, which all submissions may read: a signal to them, and a trap
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import fcntl
import json
import os


def double(x, stage):
    with open(os.__file__) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        print(json.loads(stage)["worked"])
    return 2 * x
