# tries: replaces itself by a fresh Python, in which nothing of the grader's is left
# stopped by: landlock, seccomp, namespaces
# evidence: word
# process: works, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import sys


def double(x, stage):
    for number in (1, 3):
        os.set_inheritable(number, True)
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", f"print({json.loads(stage)['worked']!r})"])
