# does: returns a tensor of a class of its own
# exercise: tensor/sum

import torch


class Named(torch.Tensor):
    def __repr__(self):
        return "the sum"


def vector_sum(x):
    return x.sum().as_subclass(Named)
