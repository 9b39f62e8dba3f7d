# tries: switches the randomness of addresses off, which makes the next exploit easier
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json

ADDR_NO_RANDOMIZE = 0x0040000
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    if LIBC.personality(ADDR_NO_RANDOMIZE) < 0:
        raise OSError(ctypes.get_errno(), "personality")
    print(json.loads(stage)["worked"])
    return 2 * x
