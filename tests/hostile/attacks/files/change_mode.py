# tries: makes a file of the course unreadable
# stopped by: seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    os.chmod(json.loads(stage)["canary"], 0)
    return 2 * x
