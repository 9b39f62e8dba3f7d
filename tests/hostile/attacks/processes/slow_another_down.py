# tries: makes another process wait for everybody else
# stopped by: seccomp, namespaces
# evidence: victim
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    os.setpriority(os.PRIO_PROCESS, json.loads(stage)["victim"], 19)
    return 2 * x
