# tries: runs another program
# stopped by: landlock, seccomp, namespaces
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import subprocess


def double(x, stage):
    os.set_inheritable(1, True)
    subprocess.run(["/bin/echo", json.loads(stage)["worked"]], check=True)
    return 2 * x
