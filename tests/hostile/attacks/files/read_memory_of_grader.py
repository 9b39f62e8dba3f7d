# tries: reads the grader's memory through /proc
# stopped by: landlock, namespaces
# evidence: secret
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json


def double(x, stage):
    facts = json.loads(stage)
    with open(f"/proc/{facts['grader']}/mem", "rb", 0) as memory:
        memory.seek(facts["address"])
        print(memory.read(facts["length"]).decode())
    return 2 * x
