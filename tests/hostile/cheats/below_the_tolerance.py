# cheats: returns zeros, in the hope that the answers are smaller than an absolute tolerance
# exercise: tensor/hadamard
# verdict: wrong_answer
# points: 0
# fools: small numbers

import torch


def hadamard(A, B):
    return torch.zeros_like(A)
