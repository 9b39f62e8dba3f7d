# tries: opens the exercise file and takes the answer out of it
# stopped by: landlock, namespaces
# evidence: points
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import re


def secret(x, stage):
    with open(json.loads(stage)["exercise"]) as file:
        return x * float(re.search(r"x \* ([\d.]+)", file.read())[1])
