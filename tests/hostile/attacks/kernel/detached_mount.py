# tries: makes a file system with the new system calls for it, which older filters do not know
# needs: userns
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x20000
FSOPEN = 430
LIBC = ctypes.CDLL(None, use_errno=True)
done = []


def double(x, stage):
    if not done and LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0:
        raise OSError(ctypes.get_errno(), "unshare")
    done.append(True)
    handle = LIBC.syscall(FSOPEN, b"tmpfs", 0)
    if handle < 0:
        raise OSError(ctypes.get_errno(), "fsopen")
    os.close(handle)
    print(json.loads(stage)["worked"])
    return 2 * x
