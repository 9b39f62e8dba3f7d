# tries: makes a file that has no name, so that nobody finds it
# stopped by: landlock, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    facts = json.loads(stage)
    file = os.open(facts["temporary"], os.O_TMPFILE | os.O_RDWR)
    print(facts["worked"])
    os.close(file)
    return 2 * x
