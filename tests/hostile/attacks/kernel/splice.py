# tries: joins a file and a pipe in the kernel, as an exploit did that overwrote read-only files
# stopped by: seccomp
# evidence: word
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import os


def double(x, stage):
    with open(os.__file__, "rb") as file:
        if os.splice(file.fileno(), 1, 16) == 16:
            print(json.loads(stage)["worked"])
    return 2 * x
