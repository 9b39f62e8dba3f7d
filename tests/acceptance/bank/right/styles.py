"""Classes, lambdas, decorators, defaults, named tuples, dicts: whatever can be called, whatever holds several results."""

import copy
import functools
import operator
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import arange, nn
from torch.func import jacfwd


def logged(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        print("calling", function.__name__)
        return function(*args, **kwargs)

    return inner


def cached(function):
    return functools.lru_cache(maxsize=None)(function)


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return 2 * x * upstream


class Quotient(nn.Module):
    def forward(self, A):
        return A.T.div(A.sum(dim=1)).T


backward_of_vector = lambda x: Square.apply(x).sum().backward()


@logged
def double_until_large(a, factor=2, limit=1000):
    def grow(b):
        return b if abs(b) >= limit else grow(b * factor)

    b = grow(a * factor)
    return b if b > 0 else 100 * b


class Polynomial:
    def __init__(self, scale):
        self.scale = scale

    def __call__(self, a, b):
        return self.scale * a**3 - b**2


cubic_minus_square = Polynomial(3)


class Both(NamedTuple):
    y: torch.Tensor
    z: torch.Tensor


def detached(x):
    y = Square.apply(x)
    return Both(y=y, z=y.detach().clone() * x)


def track(x, tracked=True):
    return copy.deepcopy(x).requires_grad_(tracked)


def grad_of_matrix(a, b, /, scale=3):
    Q = scale * a**3 - b**2
    results = torch.autograd.grad(outputs=[Q], inputs=[a], grad_outputs=[torch.ones_like(Q)], create_graph=True)
    return results[0]


@torch.enable_grad()
def grad_wrt_second(a, b):
    Q = 3 * a**3 - b**2
    Q.sum().backward()
    return b.grad.clone()


@logged
def jacobian_by_rows(x):
    return jacfwd(lambda v: torch.stack([v[0] ** 2 + v[1] ** 3, v[0] ** 3 + v[1] ** 2]))(x.detach())


class F:
    def __call__(self, x):
        a, b = x
        return torch.stack([a**2 + b**3, a**3 + b**2])


def jacobian_functional(x):
    return jacfwd(F())(x)


def quadratic(x):
    y = torch.matmul(x, x).mul(2)
    y.backward(torch.tensor(1.0, dtype=y.dtype))
    return y


def scalar_backward(a, b):
    Q = 3 * a**3 - b**2
    a.grad, b.grad = torch.autograd.grad(Q, [a, b])
    return Q


def second_derivative(a, b):
    Q = lambda a: (3 * a**3 - b**2).sum()
    return torch.func.grad(lambda a: torch.func.grad(Q)(a).sum())(a)


def sympy_derivative(x, y, x0, y0):
    from sympy import diff, lambdify

    Q = 3 * x**3 - y**2
    dx, dy = diff(Q, x), diff(Q, y)
    return {"dx": dx, "dy": dy, "dx_at": lambdify(x, dx)(x0), "dy_at": lambdify(y, dy)(y0)}


def fresh_gradient(x):
    del x.grad
    with torch.enable_grad():
        torch.sum(x).backward()


@dataclass
class Dot:
    by: str = "direct"

    def __call__(self, x, y):
        return OrderedDict(by_sum=(x * y).sum(), direct=x.dot(y))


dot_two_ways = Dot()


class Frobenius(nn.Module):
    def forward(self, A):
        return torch.linalg.norm(A)


frobenius_norm = Frobenius()
inverse_times_vector = lambda A, b: (A.inverse() @ b.unsqueeze(-1)).squeeze(-1)


def is_symmetric(B):
    Result = namedtuple("Result", "whole entries")
    entries = ~(B != B.T)
    return Result(entries=entries, whole=not (B != B.T).any())


l1_norm = functools.partial(torch.norm, p=1)


class l2_norm:
    def __new__(cls, u):
        return u.square().sum().sqrt()


matrix_matrix = torch.matmul
matrix_vector = torch.mv


def residual(A, x, b):
    layer = nn.functional.linear
    return layer(x, A, -b)


def solve(*arguments):
    A, b = arguments
    return torch.linalg.solve(A.mT, b[None], left=False)[0]


@torch.jit.ignore
def times_own_transpose(A):
    return A * A.t()


def arange_and_pick(n, i):
    return {"picked": arange(n)[i], "x": arange(n), "extra": None}


def clone_and_add(A):
    B = copy.copy(A).clone(memory_format=torch.contiguous_format)
    return {"total": B.add(A), "B": B}


first_column = operator.itemgetter((slice(None), 0))


class Running:
    def __call__(self, A):
        return A.flip(0).flip(0).cumsum(dim=-2)


running_sums = Running()


def greater_than(A, threshold=0.0):
    mask = A.gt(threshold)
    return A.masked_select(mask)


hadamard = operator.mul
normalise_rows = Quotient()
length = len


@cached
def matrix_and_vector():
    return tuple(map(torch.tensor, ([[1.0, 2], [3, 4]], [5.0, 6])))


def mean_over_axis(A):
    Means = namedtuple("Means", ["ratio", "mean"])
    return Means(A.sum(-2) / A.shape[-2], A.mean(-2))


def mean_two_ways(A, *, count=torch.numel):
    return {"mean": A.mean(), "ratio": A.sum() / count(A)}


def number_grid(m, n):
    return torch.arange(n * m).unflatten(0, (m, n))


second_row = operator.itemgetter(1)


def scalar_and_tensor(a, X):
    return [operation(a, X) for operation in (operator.add, operator.mul)]


def scalar_arithmetic(x, y):
    Four = namedtuple("Four", "power quotient product total")
    return Four(x**y, x / y, x * y, x + y)


shape_of = operator.attrgetter("shape")


def shape_and_sum(X):
    return {"shape": [*X.shape], "total": X.sum()}


def sum_over_axis(A):
    return {"shape": A.sum(0).shape, "total": A.sum(0)}


vector_sum = torch.sum
