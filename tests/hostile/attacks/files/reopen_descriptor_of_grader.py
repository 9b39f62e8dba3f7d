# tries: opens anew what the grader has open, through its descriptors in /proc
# stopped by: landlock, namespaces
# evidence: secret
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json


def double(x, stage):
    facts = json.loads(stage)
    with open(f"/proc/{facts['grader']}/fd/{facts['descriptor']}") as file:
        print(file.read())
    return 2 * x
