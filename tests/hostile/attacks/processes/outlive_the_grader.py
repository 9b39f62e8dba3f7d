# tries: takes back that it dies when the worker does of which it is a fork
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    if LIBC.prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "prctl")
    print(json.loads(stage)["worked"])
    return 2 * x
