# tries: lets torch compute with two threads
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import torch


def double(x, stage):
    torch.set_num_threads(2)
    matrix = torch.ones(300, 300)
    return x * (matrix @ matrix)[0, 0] / 150
