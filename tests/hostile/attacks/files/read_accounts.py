# tries: reads who has an account on the machine
# stopped by: landlock, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json


def double(x, stage):
    with open("/etc/passwd") as file:
        if "root:" in file.read():
            print(json.loads(stage)["worked"])
    return 2 * x
