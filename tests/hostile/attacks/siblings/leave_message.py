# tries: leaves a message in a System V queue for the next submission to find
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
    queue = LIBC.msgget(facts["key"] + 1, IPC_CREAT | 0o666)
    if queue < 0 or LIBC.msgsnd(queue, (1).to_bytes(8, "little") + b"hello", 5, 0) < 0:
        raise OSError(ctypes.get_errno(), "msgget")
    print(facts["worked"])
    return 2 * x
