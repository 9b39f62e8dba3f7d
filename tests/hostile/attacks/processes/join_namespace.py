# tries: joins, with the rights of root, a namespace of the grader's
# needs: root
# stopped by: capabilities, landlock, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    facts = json.loads(stage)
    if LIBC.setns(os.open(f"/proc/{facts['grader']}/ns/uts", os.O_RDONLY), 0) < 0:
        raise OSError(ctypes.get_errno(), "setns")
    print(facts["worked"])
    return 2 * x
