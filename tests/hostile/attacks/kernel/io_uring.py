# tries: opens a queue in which the kernel does what a filter of system calls never sees
# needs: io_uring
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

IO_URING_SETUP = 425
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    queue = LIBC.syscall(IO_URING_SETUP, 4, ctypes.create_string_buffer(120))
    if queue < 0:
        raise OSError(ctypes.get_errno(), "io_uring_setup")
    os.close(queue)
    print(json.loads(stage)["worked"])
    return 2 * x
