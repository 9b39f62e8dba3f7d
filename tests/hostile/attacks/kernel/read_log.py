# tries: reads, with the rights of root, the kernel's log, which tells addresses
# needs: root
# stopped by: capabilities, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json

READ_ALL = 3
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    if LIBC.klogctl(READ_ALL, ctypes.create_string_buffer(1024), 1024) < 0:
        raise OSError(ctypes.get_errno(), "syslog")
    print(json.loads(stage)["worked"])
    return 2 * x
