# tries: asks torch for more memory than it may have
# stopped by: limits
# evidence: word
# process: blocked, memory_limit_exceeded
# sandbox: blocked, memory_limit_exceeded
# namespaces: blocked, memory_limit_exceeded
import json

import torch


def double(x, stage):
    hoard = torch.empty(300 * 2**20, dtype=torch.uint8)
    print(json.loads(stage)["worked"])
    return 2 * x
