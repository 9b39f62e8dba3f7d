# tries: leaves a segment of POSIX shared memory, which takes memory for ever
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
from contextlib import suppress

import _posixshmem
import os


def double(x, stage):
    with suppress(FileExistsError):
        os.close(_posixshmem.shm_open("/" + json.loads(stage)["mark"], os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    return 2 * x
