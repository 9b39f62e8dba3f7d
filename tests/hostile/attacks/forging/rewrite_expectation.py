# tries: finds the tensor that is expected among its callers' and writes its own result into it
# stopped by: exec
# evidence: points
# process: blocked, wrong_answer
# sandbox: blocked, wrong_answer
# namespaces: blocked, wrong_answer
import sys

import torch


def secret(x, stage):
    frame = sys._getframe()
    while frame := frame.f_back:
        for thing in frame.f_locals.values():
            if isinstance(thing, torch.Tensor) and thing is not x and thing.shape == x.shape:
                thing.copy_(x)
    return x
