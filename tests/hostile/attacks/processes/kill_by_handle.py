# tries: kills another process through a descriptor of it
# stopped by: landlock 6, seccomp, namespaces
# evidence: victim
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import signal


def double(x, stage):
    signal.pidfd_send_signal(os.pidfd_open(json.loads(stage)["victim"]), signal.SIGKILL)
    return 2 * x
