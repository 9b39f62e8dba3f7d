# tries: opens the course folder as a mere path, which needs no right to read, and the exercise below it
# stopped by: landlock, namespaces
# evidence: points
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
import re


def secret(x, stage):
    facts = json.loads(stage)
    folder = os.open(facts["course"], os.O_PATH | os.O_DIRECTORY)
    file = os.open(os.path.relpath(facts["exercise"], facts["course"]), os.O_RDONLY, dir_fd=folder)
    return x * float(re.search(rb"x \* ([\d.]+)", os.read(file, 10_000))[1])
