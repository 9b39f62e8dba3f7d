# tries: goes through numpy and back
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import numpy as np
import torch


def double(x, stage):
    return torch.from_numpy(np.multiply(x.numpy(), 2, dtype=x.numpy().dtype))
