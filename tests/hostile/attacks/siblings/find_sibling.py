# tries: asks the kernel in which session another submission is
# stopped by: seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    facts = json.loads(stage)
    if os.getsid(facts["sibling"]) > 0:
        print(facts["worked"])
    return 2 * x
