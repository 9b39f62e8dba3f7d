# tries: leaves a POSIX message queue
# needs: mqueue
# stopped by: seccomp, namespaces
# evidence: left
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    if LIBC.mq_open(f"/{json.loads(stage)['mark']}".encode(), os.O_CREAT | os.O_RDWR, 0o666, None) < 0:
        raise OSError(ctypes.get_errno(), "mq_open")
    return 2 * x
