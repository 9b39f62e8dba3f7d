# tries: has the kernel tell it which files of the standard library others open, and when
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

IN_OPEN = 0x20
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    watcher = LIBC.inotify_init1(0)
    if watcher < 0 or LIBC.inotify_add_watch(watcher, os.path.dirname(os.__file__).encode(), IN_OPEN) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    os.close(watcher)
    print(json.loads(stage)["worked"])
    return 2 * x
