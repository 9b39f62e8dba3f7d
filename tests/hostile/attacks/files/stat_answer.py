# tries: learns that the exercise file is there, and how large it is
# stopped by: namespaces
# evidence: word
# process: works, accepted
# sandbox: works, accepted
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    facts = json.loads(stage)
    if os.stat(facts["exercise"]).st_size == facts["size"]:
        print(facts["worked"])
    return 2 * x
