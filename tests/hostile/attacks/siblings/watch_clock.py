# tries: reads how much processor time another submission uses: a clock that its neighbour can set by working or resting
# stopped by: seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import time


def double(x, stage):
    facts = json.loads(stage)
    if time.clock_gettime(~facts["sibling"] << 3 | 2) > 0:
        print(facts["worked"])
    return 2 * x
