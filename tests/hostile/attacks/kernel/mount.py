# tries: mounts a file system of its own over the devices
# needs: userns
# stopped by: landlock, seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json

CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x20000
LIBC = ctypes.CDLL(None, use_errno=True)
done = []


def double(x, stage):
    if not done and LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0:
        raise OSError(ctypes.get_errno(), "unshare")
    done.append(True)
    if LIBC.mount(b"none", b"/dev", b"tmpfs", 0, None) < 0:
        raise OSError(ctypes.get_errno(), "mount")
    print(json.loads(stage)["worked"])
    return 2 * x
