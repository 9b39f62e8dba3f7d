# tries: takes the kernel's page faults into its own hands, as exploits do to win races
# needs: userfaultfd
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

NUMBER = {"x86_64": 323, "aarch64": 282}[os.uname().machine]
USER_MODE_ONLY = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    handle = LIBC.syscall(NUMBER, os.O_CLOEXEC | USER_MODE_ONLY)
    if handle < 0:
        raise OSError(ctypes.get_errno(), "userfaultfd")
    os.close(handle)
    print(json.loads(stage)["worked"])
    return 2 * x
