# tries: saves a tensor, as C++ code of torch does it
# stopped by: landlock, seccomp, namespaces
# evidence: files
# process: works, runtime_error
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json

import torch


def double(x, stage):
    facts = json.loads(stage)
    torch._C.PyTorchFileWriter(f"{facts['temporary']}/{facts['mark']}.pt").write_end_of_file()
    return 2 * x
