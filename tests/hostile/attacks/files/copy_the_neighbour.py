# tries: lists the course folder, finds what the neighbour handed in and runs it
# stopped by: landlock, namespaces
# evidence: points
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def secret(x, stage):
    folder = json.loads(stage)["submissions"]
    names = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name)) as file:
            exec(file.read(), names)
    return names["secret"](x, stage)
