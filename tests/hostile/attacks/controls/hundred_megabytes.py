# tries: uses a fair amount of memory
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import torch


def double(x, stage):
    return 2 * x + 0 * torch.ones(25 * 2**20).sum()
