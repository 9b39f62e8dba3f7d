# tries: reads the memory of another submission's process, where all things lie as in its own
# stopped by: landlock, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json

LIBC = ctypes.CDLL(None, use_errno=True)


class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def double(x, stage):
    facts = json.loads(stage)
    copy = ctypes.create_string_buffer(16)
    here, there = Span(ctypes.addressof(copy), 16), Span(id(None), 16)
    if LIBC.process_vm_readv(facts["sibling"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "process_vm_readv")
    if copy.raw[8:] == ctypes.string_at(id(None) + 8, 8):
        print(facts["worked"])
    return 2 * x
