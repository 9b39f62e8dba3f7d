# tries: sees where things lie in the memory of another submission's process, and what it has open
# stopped by: landlock, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    facts = json.loads(stage)
    with open(f"/proc/{facts['sibling']}/maps") as maps:
        if "libtorch" in maps.read() and os.listdir(f"/proc/{facts['sibling']}/fd"):
            print(facts["worked"])
    return 2 * x
