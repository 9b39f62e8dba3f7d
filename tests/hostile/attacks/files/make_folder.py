# tries: makes a folder in the course
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    facts = json.loads(stage)
    os.makedirs(f"{facts['course']}/{facts['mark']}", exist_ok=True)
    return 2 * x
