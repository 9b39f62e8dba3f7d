# tries: reads the environment of another process of the same user
# stopped by: landlock, namespaces
# evidence: secret
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json


def double(x, stage):
    with open(f"/proc/{json.loads(stage)['victim']}/environ") as file:
        print(file.read().replace("\0", "\n"))
    return 2 * x
