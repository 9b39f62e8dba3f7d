# tries: copies memory of the grader with the system call for it
# stopped by: landlock, seccomp, namespaces
# evidence: secret
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
    copy = ctypes.create_string_buffer(facts["length"])
    here = Span(ctypes.addressof(copy), facts["length"])
    there = Span(facts["address"], facts["length"])
    if LIBC.process_vm_readv(facts["grader"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "process_vm_readv")
    print(copy.value.decode())
    return 2 * x
