# tries: leaves a key in the keyring that all processes of a user share
# needs: keyring
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

NUMBER = {"x86_64": 248, "aarch64": 217}[os.uname().machine]
KEY_SPEC_USER_KEYRING = -4
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    facts = json.loads(stage)
    if LIBC.syscall(NUMBER, b"user", facts["mark"].encode(), b"hello", 5, KEY_SPEC_USER_KEYRING) < 0:
        raise OSError(ctypes.get_errno(), "add_key")
    print(facts["worked"])
    return 2 * x
