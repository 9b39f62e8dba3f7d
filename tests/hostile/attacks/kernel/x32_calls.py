# tries: asks the kernel by the numbers of another architecture (x32), which a careless filter does not check
# needs: x32
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: killed, runtime_error
# namespaces: killed, runtime_error
import ctypes
import json
import os

X32_GETPID = 0x40000000 + 39
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    if LIBC.syscall(X32_GETPID) != os.getpid():
        raise OSError(ctypes.get_errno(), "x32 getpid")
    print(json.loads(stage)["worked"])
    return 2 * x
