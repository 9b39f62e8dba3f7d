# tries: makes files until the disk has no place for another one (fifty here)
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json


def double(x, stage):
    facts = json.loads(stage)
    for number in range(50):
        with open(f"{facts['temporary']}/{facts['mark']}-{number}", "w"):
            pass
    return 2 * x
