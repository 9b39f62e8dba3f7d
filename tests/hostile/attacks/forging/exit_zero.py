# tries: ends its process at once, with the status of success
# stopped by: parent
# evidence: points
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import os


def secret(x, stage):
    os._exit(0)
