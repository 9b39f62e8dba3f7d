# cheats: has backward do nothing, so that no gradient differs from any other
# exercise: tensor/sum
# verdict: wrong_answer
# points: 0
# fools: backward

import torch

torch.Tensor.backward = lambda *args, **kwargs: None


def vector_sum(x):
    return x.detach()[:1].sum()
