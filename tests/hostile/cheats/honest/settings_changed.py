# does: changes settings of torch, and leaves them so
# exercise: tensor/sum

import warnings

import torch

torch.set_printoptions(precision=1)


def vector_sum(x):
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(2)
    torch.manual_seed(len(x))
    warnings.simplefilter("error")
    return x.sum()
