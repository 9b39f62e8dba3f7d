# tries: has C++ code of torch open the exercise file, past every hook of Python
# stopped by: landlock, namespaces
# evidence: points
# process: works, accepted
# sandbox: blocked, runtime_error
# namespaces: blocked, runtime_error
import json
import re

import torch


def secret(x, stage):
    facts = json.loads(stage)
    storage = torch.UntypedStorage.from_file(facts["exercise"], False, facts["size"])
    return x * float(re.search(rb"x \* ([\d.]+)", bytes(storage))[1])
