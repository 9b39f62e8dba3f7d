# tries: moves a file of the course to another name
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    facts = json.loads(stage)
    moved = f"{facts['course']}/{facts['mark']}"
    if not os.path.exists(moved):
        os.rename(facts["canary"], moved)
    return 2 * x
