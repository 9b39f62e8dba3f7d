# tries: reads the kernel's random numbers from their device
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import os

import torch


def double(x, stage):
    with open("/dev/urandom", "rb") as file:
        file.read(8)
    os.urandom(8)
    torch.Generator().seed()
    return 2 * x
