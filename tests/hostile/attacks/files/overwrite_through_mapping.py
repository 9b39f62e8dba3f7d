# tries: has C++ code of torch map a file of the course into memory, and writes there
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json

import torch


def double(x, stage):
    torch.UntypedStorage.from_file(json.loads(stage)["canary"], True, 8).fill_(33)
    return 2 * x
