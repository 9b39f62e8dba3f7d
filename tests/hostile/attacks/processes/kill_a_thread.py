# tries: kills another process with the call that is meant for one's own threads, which is allowed
# stopped by: landlock 6, seccomp, namespaces
# evidence: victim
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json
import os
import signal

NUMBER = {"x86_64": 234, "aarch64": 131}[os.uname().machine]
LIBC = ctypes.CDLL(None, use_errno=True)


def double(x, stage):
    victim = json.loads(stage)["victim"]
    if LIBC.syscall(NUMBER, victim, victim, signal.SIGKILL) < 0:
        raise OSError(ctypes.get_errno(), "tgkill")
    return 2 * x
