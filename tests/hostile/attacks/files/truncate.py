# tries: empties a file of the course without opening it
# stopped by: landlock 3, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    os.truncate(json.loads(stage)["canary"], 0)
    return 2 * x
