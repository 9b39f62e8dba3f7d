# cheats: returns NaN, which is not greater than any tolerance
# exercise: tensor/hadamard
# verdict: wrong_answer
# points: 0
# fools: greater than

import torch


def hadamard(A, B):
    return torch.full(A.shape, float("nan"), dtype=A.dtype if A.is_floating_point() else torch.float32)
