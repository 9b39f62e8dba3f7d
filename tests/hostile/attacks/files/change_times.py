# tries: makes a file of the course look older than it is
# stopped by: seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    os.utime(json.loads(stage)["canary"], (1, 1))
    return 2 * x
