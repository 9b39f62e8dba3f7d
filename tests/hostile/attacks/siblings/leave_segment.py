# tries: leaves a segment of System V shared memory for the next submission to find
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json

IPC_CREAT = 0o1000
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    facts = json.loads(stage)
    if LIBC.shmget(facts["key"] + 1, 4096, IPC_CREAT | 0o666) < 0:
        raise OSError(ctypes.get_errno(), "shmget")
    print(facts["worked"])
    return 2 * x
