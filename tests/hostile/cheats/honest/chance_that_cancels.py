# does: draws numbers at random on its way
# exercise: tensor/sum

import torch


def vector_sum(x):
    return x[torch.randperm(len(x))].sum()
