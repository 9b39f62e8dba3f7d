# tries: draws random numbers from all the usual places
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import random
import secrets

import numpy
import torch


def double(x, stage):
    torch.manual_seed(random.randrange(100))
    secrets.token_hex(), numpy.random.default_rng().normal()
    return 2 * x + 0 * torch.rand(())
