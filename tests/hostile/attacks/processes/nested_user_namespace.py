# tries: becomes root of a user namespace of its own, from which most holes in kernels are reached
# needs: userns
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json

CLONE_NEWUSER = 0x10000000
LIBC = ctypes.CDLL(None, use_errno=True)
done = []


def double(x, stage):
    if not done and LIBC.unshare(CLONE_NEWUSER) < 0:
        raise OSError(ctypes.get_errno(), "unshare")
    done.append(True)
    print(json.loads(stage)["worked"])
    return 2 * x
