# tries: uses torch.func, which imports hundreds of modules when it is first used
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import torch


def double(x, stage):
    return torch.func.grad(lambda y: (y**2).sum())(x)
