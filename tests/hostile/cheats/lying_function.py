# cheats: returns a tensor whose class answers every function with True
# exercise: tensor/hadamard
# verdict: wrong_answer
# points: 0
# fools: expected first

import torch


class Yes(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True


def hadamard(A, B):
    return torch.zeros(1).as_subclass(Yes)
