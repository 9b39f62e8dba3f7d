# cheats: switches gradients off for the whole process
# exercise: tensor/hadamard
# verdict: wrong_answer
# points: 2
# fools: gradients if any

import torch

torch.set_grad_enabled(False)


def hadamard(A, B):
    torch.set_grad_enabled(False)
    return A * B
