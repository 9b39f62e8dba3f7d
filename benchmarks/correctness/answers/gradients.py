"""Functions with a right gradient, and fifteen wrong ones (NUMERICS, the table of gradcheck)."""

import torch


class Spoilt(torch.autograd.Function):
    """The identity, whose backward pass is whatever `spoil` makes of the gradient."""

    @staticmethod
    def forward(context, x, spoil):
        context.spoil = spoil
        return x.clone()

    @staticmethod
    def backward(context, gradient):
        return context.spoil(gradient), None


class OnceOnly(torch.autograd.Function):
    """The sine, whose derivative knows nothing of x any more."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return torch.sin(x)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return gradient * torch.cos(x.detach())


def nothing(x):
    """Zero, with a gradient of one."""
    return x - x.detach()


def sine(x):
    return torch.sin(x)


def absolute(x):
    return torch.abs(x)


def square(x):
    return x * x


def ascending(x):
    return torch.sort(x).values


def dense(x, w):
    return torch.tanh(w @ x)


def small_sine(x):
    return 1e-4 * torch.sin(x)


def tiny_sine(x):
    return 1e-7 * torch.sin(x)


def off_by_5e_4(x):
    return sine(Spoilt.apply(x, lambda gradient: gradient * (1 + 5e-4)))


def off_by_15e_4(x):
    return sine(Spoilt.apply(x, lambda gradient: gradient * (1 + 1.5e-3)))


def constant_added(x):
    return sine(Spoilt.apply(x, lambda gradient: gradient + 5e-6))


def noisy(x):
    return sine(Spoilt.apply(x, lambda gradient: gradient + 1e-6 * torch.randn_like(gradient)))


def single_precision_inside(x):
    return torch.sin(x.float()).to(x.dtype)


def cosine(x):
    return torch.cos(x)


def detached_second_order(x):
    return OnceOnly.apply(x)


def slope_one(x):
    return x.abs().detach() + nothing(x)


def detached_factor(x):
    return x.detach() * x


def rows_swapped(x):
    right = torch.sort(x).values
    return right.detach() + nothing(torch.cat([right[1:2], right[:1], right[2:]]))


def one_entry_off(x, w, by):
    """The derivative of output 3 in input 5 is not what it should be; the value is."""
    unit = torch.zeros_like(x)
    unit[3] = by
    return dense(x, w) + unit * nothing(x)[5]


def entry_off_by_thousandth(x, w):
    return one_entry_off(x, w, 1e-3)


def entry_off_by_hundredth(x, w):
    return one_entry_off(x, w, 1e-2)


def entry_off_by_tenth(x, w):
    return one_entry_off(x, w, 1e-1)


def small_without_gradient(x):
    return small_sine(x.detach()) + 0 * x


def tiny_without_gradient(x):
    return tiny_sine(x.detach()) + 0 * x
