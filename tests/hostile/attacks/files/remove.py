# tries: removes a file of the course
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    facts = json.loads(stage)
    os.unlink(facts["canary"])
    with open(facts["canary"], "w"):  # for the next call to remove
        pass
    return 2 * x
