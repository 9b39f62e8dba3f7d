# tries: gives the exercise file a second name
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os
from contextlib import suppress


def double(x, stage):
    facts = json.loads(stage)
    with suppress(FileExistsError):
        os.link(facts["exercise"], f"{facts['course']}/{facts['mark']}.yaml")
    return 2 * x
