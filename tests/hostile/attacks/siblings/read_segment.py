# tries: reads a segment of System V shared memory that another process made
# stopped by: seccomp, namespaces
# evidence: secret
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json

SHM_RDONLY = 0o10000
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.shmat.restype = ctypes.c_void_p


def double(x, stage):
    segment = LIBC.shmget(json.loads(stage)["key"], 0, 0)
    if segment < 0:
        raise OSError(ctypes.get_errno(), "shmget")
    print(ctypes.string_at(LIBC.shmat(segment, None, SHM_RDONLY)).decode())
    return 2 * x
