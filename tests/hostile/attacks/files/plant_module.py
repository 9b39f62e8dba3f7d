# tries: puts a module beside those that every later grading imports
# needs: package
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import sys


def double(x, stage):
    folder = os.path.dirname(sys.modules["torchgrade.worker"].__file__)
    with open(f"{folder}/{json.loads(stage)['mark']}.py", "w"):
        pass
    return 2 * x
