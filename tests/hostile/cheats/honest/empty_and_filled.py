# does: fills memory that nothing has written
# exercise: tensor/hadamard

import torch


def hadamard(A, B):
    result = torch.empty_like(A)
    result[:] = A * B
    return result
