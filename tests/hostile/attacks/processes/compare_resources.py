# tries: learns what the grader has open and where its objects lie in the kernel
# needs: kcmp
# stopped by: landlock, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

NUMBER = {"x86_64": 312, "aarch64": 272}[os.uname().machine]
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    facts = json.loads(stage)
    if LIBC.syscall(NUMBER, os.getpid(), facts["grader"], 0, 0, facts["descriptor"]) < 0:
        raise OSError(ctypes.get_errno(), "kcmp")
    print(facts["worked"])
    return 2 * x
