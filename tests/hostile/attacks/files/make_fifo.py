# tries: leaves a pipe with a name, on which whoever opens it waits for ever
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
        os.mkfifo(f"{facts['course']}/submissions/{facts['mark']}.py")
    return 2 * x
