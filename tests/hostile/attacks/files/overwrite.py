# tries: writes into a file of the course
# stopped by: limits, landlock, seccomp, namespaces
# evidence: files
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json


def double(x, stage):
    with open(json.loads(stage)["canary"], "r+") as file:
        file.write("defaced")
    return 2 * x
