# does: has a backward of its own, and it is right
# exercise: tensor/hadamard

import torch


class Product(torch.autograd.Function):
    @staticmethod
    def forward(context, A, B):
        context.save_for_backward(A, B)
        return A * B

    @staticmethod
    def backward(context, upstream):
        A, B = context.saved_tensors
        return upstream * B, upstream * A


def hadamard(A, B):
    return Product.apply(A, B)
