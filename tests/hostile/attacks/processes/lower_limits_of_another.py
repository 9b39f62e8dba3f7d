# tries: leaves another process without descriptors to open
# stopped by: seccomp, namespaces
# evidence: victim
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import resource


def double(x, stage):
    resource.prlimit(json.loads(stage)["victim"], resource.RLIMIT_NOFILE, (5, 5))
    return 2 * x
