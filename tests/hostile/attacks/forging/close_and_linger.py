# tries: closes its line to the grader and stays
# stopped by: parent
# evidence: broken
# process: blocked, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import os
import time


def patience(x, stage):
    os.closerange(0, 100)
    time.sleep(1000)
