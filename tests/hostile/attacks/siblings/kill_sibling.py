# tries: kills the process of another submission
# stopped by: landlock 6, seccomp, namespaces
# evidence: sibling
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import signal


def double(x, stage):
    os.kill(json.loads(stage)["sibling"], signal.SIGKILL)
    return 2 * x
