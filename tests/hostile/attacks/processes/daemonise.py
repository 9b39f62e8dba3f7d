# tries: leaves a process of its own session behind, which outlives the answer
# stopped by: seccomp, namespaces
# evidence: left
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import os
import time


def double(x, stage):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(20)
        os._exit(0)
    os.wait()
    return 2 * x
