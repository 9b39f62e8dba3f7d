# tries: leaves a link to the answers where others look for their own files
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
        os.symlink(facts["exercise"], f"{facts['temporary']}/{facts['mark']}-link")
    return 2 * x
