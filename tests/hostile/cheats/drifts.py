# cheats: is a little further off in every call, and never further than rounding may be
# exercise: tensor/sum
# verdict: wrong_answer
# points: 0
# fools: expected first

import torch

_calls = []


def vector_sum(x):
    _calls.append(None)
    return x.sum() * (1 + 1e-7 * min(len(_calls), 50)) if x.dtype is torch.float32 else x.sum()
