# tries: writes into its own read-only memory through /proc, past every protection of pages
# stopped by: landlock, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import mmap

LIBC = ctypes.CDLL(None)
LIBC.mmap.restype = ctypes.c_void_p


def double(x, stage):
    address = LIBC.mmap(None, mmap.PAGESIZE, mmap.PROT_READ, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    with open("/proc/self/mem", "r+b", 0) as memory:
        memory.seek(address)
        memory.write(b"new code")
    if ctypes.string_at(address) == b"new code":
        print(json.loads(stage)["worked"])
    return 2 * x
