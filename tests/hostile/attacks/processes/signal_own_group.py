# tries: signals its whole process group, where that is more than itself
# stopped by: session, seccomp
# evidence: word
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import signal


def double(x, stage):
    if os.getpgrp() == os.getpid():
        raise ProcessLookupError("it is alone in its group")
    os.killpg(os.getpgrp(), signal.SIGCONT)
    print(json.loads(stage)["worked"])
    return 2 * x
