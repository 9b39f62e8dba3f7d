# tries: reads, with the rights of root, a file that another user keeps to herself
# needs: root
# stopped by: capabilities, landlock, namespaces
# evidence: secret
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json


def double(x, stage):
    with open(json.loads(stage)["private"]) as file:
        print(file.read())
    return 2 * x
