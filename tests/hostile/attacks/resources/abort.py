# tries: has the C library end its process
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import os


def double(x, stage):
    os.abort()
