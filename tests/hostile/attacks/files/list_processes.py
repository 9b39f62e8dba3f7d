# tries: lists what runs on the machine
# stopped by: landlock, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    facts = json.loads(stage)
    if str(facts["victim"]) not in os.listdir("/proc"):
        raise ProcessLookupError("it is not listed")
    print(facts["worked"])
    return 2 * x
