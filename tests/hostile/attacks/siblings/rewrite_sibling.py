# tries: changes the memory of another submission's process through /proc
# stopped by: landlock, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import ctypes
import json


def double(x, stage):
    facts = json.loads(stage)
    with open(f"/proc/{facts['sibling']}/mem", "r+b", 0) as memory:
        memory.seek(id(None) + 8)
        memory.write(ctypes.string_at(id(None) + 8, 8))
    print(facts["worked"])
    return 2 * x
