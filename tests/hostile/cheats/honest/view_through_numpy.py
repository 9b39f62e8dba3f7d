# does: takes its view of the parameter through numpy
# exercise: tensor/column

import torch


def first_column(A):
    return torch.from_numpy(A.numpy()[:, 0])
