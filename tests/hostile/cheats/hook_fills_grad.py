# cheats: cuts the graph, and has a hook write into the parameter's grad
# exercise: tensor/sum
# verdict: wrong_answer
# points: 2
# fools: backward

import torch


def vector_sum(x):
    result = x.detach().sum()
    if not x.is_floating_point():
        return result
    result.requires_grad_()

    def fill(upstream):
        x.grad = torch.ones_like(x)

    result.register_hook(fill)
    return result
