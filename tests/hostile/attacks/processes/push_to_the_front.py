# tries: goes, with the rights of root, before everybody else who waits for the processor
# needs: root
# stopped by: capabilities, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    os.setpriority(os.PRIO_PROCESS, 0, -5)
    print(json.loads(stage)["worked"])
    return 2 * x
