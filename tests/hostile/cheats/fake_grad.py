# cheats: returns a tensor that fakes a backward and the grad that it leaves
# exercise: tensor/sum
# verdict: wrong_answer
# points: 0
# fools: backward

import torch


class Fake(torch.Tensor):
    def sum(self):
        return self

    def backward(self):
        self.parameter.grad = torch.ones_like(self.parameter)


def vector_sum(x):
    result = torch.zeros(()).as_subclass(Fake)
    result.parameter = x
    return result
