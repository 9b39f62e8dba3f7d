# tries: kills another process of the same user
# stopped by: landlock 6, seccomp, namespaces
# evidence: victim
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import signal


def double(x, stage):
    os.kill(json.loads(stage)["victim"], signal.SIGKILL)
    return 2 * x
