# tries: asks the kernel through the old door of 32-bit programs, where every number means another call
# needs: int80
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: killed, runtime_error
# namespaces: killed, runtime_error
import ctypes
import json
import mmap
import os

GETPID_BY_INT80 = bytes.fromhex("b814000000 cd80 c3")


def double(x, stage):
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(GETPID_BY_INT80)
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    if call() != os.getpid():
        raise OSError("int 0x80 is not served")
    print(json.loads(stage)["worked"])
    return 2 * x
