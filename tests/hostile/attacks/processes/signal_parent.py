# tries: sends its parent a signal (one that does no harm here)
# stopped by: landlock 6, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import signal


def double(x, stage):
    if os.getppid() == 0:
        raise ProcessLookupError("the parent is in another world")
    os.kill(os.getppid(), signal.SIGCONT)
    print(json.loads(stage)["worked"])
    return 2 * x
