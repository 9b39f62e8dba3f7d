# cheats: returns an empty tensor that claims the right shape and dtype
# exercise: tensor/hadamard
# verdict: wrong_answer
# points: 0
# fools: shape and dtype

import torch


class Claims(torch.Tensor):
    shape = property(lambda self: self.claimed)
    dtype = property(lambda self: torch.float32)

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function is torch.allclose:
            return True
        return super().__torch_function__(function, types, args, kwargs or {})


def hadamard(A, B):
    result = torch.empty(0, dtype=torch.float64).as_subclass(Claims)
    result.claimed = A.shape
    return result
