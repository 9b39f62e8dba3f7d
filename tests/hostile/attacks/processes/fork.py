# tries: forks eight times, where a bomb would never stop
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import time


def double(x, stage):
    for _ in range(8):
        if os.fork() == 0:
            time.sleep(0.1)
            os._exit(0)
    print(json.loads(stage)["worked"])
    return 2 * x
