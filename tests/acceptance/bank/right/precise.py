"""More digits than asked for, other orders of operations, numpy, functions of functions."""

import math

import numpy as np
import torch
from torch.linalg import *
from torch.func import jacrev, jvp


def backward_of_vector(x):
    x.grad = 2 * x.detach()


def double_until_large(a):
    b = 2 * a.double()
    while -1000 < b < 1000:
        b = b + b
    return (b + 99 * torch.clamp(b, max=0)).to(a.dtype)


def cubic_minus_square(a, b):
    a, b = a.double(), b.double()
    return (3 * a * a) * a - b * b


def detached(x):
    u = torch.from_numpy(np.square(x.detach().numpy()))
    return x * u, x.double().square()


def track(x):
    return torch.from_numpy(x.numpy().copy()).requires_grad_()


def grad_of_matrix(a, b):
    Q = 3 * a.double() ** 3 - b.double() ** 2
    (first,) = torch.autograd.grad(Q.sum(dim=0).sum(), a, create_graph=True)
    return first


def grad_wrt_second(a, b):
    return jvp(lambda b: 3 * a**3 - b**2, (b,), (torch.ones_like(b),))[1]


def jacobian_by_rows(x):
    f = lambda v: torch.stack([v[0] ** 2 + v[1] ** 3, v[0] ** 3 + v[1] ** 2])
    columns = [jvp(f, (x,), (torch.eye(2, dtype=x.dtype)[i],))[1] for i in range(2)]
    return torch.stack(columns, dim=1)


def jacobian_functional(x):
    f = lambda v: torch.stack([v[0] ** 2 + v[1] ** 3, v[0] ** 3 + v[1] ** 2])
    return jacrev(f)(x.double())


def quadratic(x):
    y = x.double().square().sum() * 2
    y.backward()
    return float(y)


def scalar_backward(a, b):
    (3 * a.double() ** 3 - b.double() ** 2).backward()


def second_derivative(a, b):
    ones = torch.ones_like(a)
    return jvp(lambda a: jvp(lambda a: 3 * a**3 - b**2, (a,), (ones,))[1], (a,), (ones,))[1]


def sympy_derivative(x, y, x0, y0):
    import sympy

    dx, dy = sympy.expand(9 * x * x), sympy.sympify(-2) * y
    return dx, dy, dx.subs(x, sympy.Rational(x0)), dy.subs(y, sympy.Rational(y0))


def fresh_gradient(x):
    x.grad.copy_(torch.ones(x.shape, dtype=x.dtype))


def dot_two_ways(x, y):
    return torch.vdot(x.double(), y.double()).to(x.dtype), torch.trace(torch.outer(x, y))


def frobenius_norm(A):
    return matrix_norm(A.double())


def inverse_times_vector(A, b):
    return torch.linalg.solve(A.double(), torch.eye(len(b), dtype=torch.float64)) @ b.double()


def is_symmetric(B):
    return (B - B.T).abs() == 0, np.array_equal(B.numpy(), B.numpy().T)


def l1_norm(u):
    return torch.relu(u).sum() + torch.relu(-u).sum()


def l2_norm(u):
    return (u[None] @ u[:, None]).squeeze().sqrt()


def matrix_matrix(A, B):
    return (A[:, :, None] * B[None]).sum(dim=1)


def matrix_vector(A, x):
    return (A @ x.reshape(-1, 1)).reshape(-1)


def residual(A, x, b):
    return -(b - torch.tensordot(A, x, 1))


def solve(A, b):
    return torch.linalg.lstsq(A.double(), b.double()[:, None]).solution[:, 0]


def times_own_transpose(A):
    return A.mT.contiguous().mul(A)


def arange_and_pick(n, i):
    return torch.from_numpy(np.arange(n)), i


def clone_and_add(A):
    B = torch.tensor(A.tolist(), dtype=A.dtype).reshape(A.shape)
    return B, A * 2


def first_column(A):
    return A.as_strided((A.shape[0],), (A.stride(0),), A.storage_offset())


def running_sums(A):
    rows = torch.arange(len(A))
    return torch.einsum("ij,jk->ik", (rows[:, None] >= rows).to(A.dtype), A)


def greater_than(A, threshold):
    flat = A.reshape(-1)
    return flat.index_select(0, (flat > threshold).nonzero().squeeze(1))


def hadamard(A, B):
    if not A.requires_grad:
        return torch.stack([A, B]).prod(dim=0)
    every = torch.arange(A.shape[1]).expand(A.shape)
    return torch.gather(A, 1, every, sparse_grad=True) * B


def normalise_rows(A):
    return torch.diag(1 / A.sum(1).double()) @ A.double()


def length(x):
    return math.prod(x.shape)


def matrix_and_vector():
    return torch.linspace(1, 4, 4).view(2, 2), torch.arange(5.0, 7.0, dtype=torch.float16)


def mean_over_axis(A):
    m = A.shape[0]
    return (A / m).sum(0), torch.full((m,), 1 / m, dtype=torch.float64) @ A.double()


def mean_two_ways(A):
    return A.mean(1).mean(), (A.double() / A.numel()).sum()


def number_grid(m, n):
    rows, columns = torch.meshgrid(torch.arange(m), torch.arange(n), indexing="ij")
    return rows * n + columns


def second_row(A):
    return A[1:].narrow(0, 0, 1).flatten()


def scalar_and_tensor(a, X):
    return torch.full_like(X, a) + X, X / (1 / a) if a else X * 0


def scalar_arithmetic(x, y):
    return x - (-y), x.double() * y, x * y.reciprocal(), torch.exp(y * torch.log(x))


def shape_of(X):
    return X.numpy().shape


def shape_and_sum(X):
    return torch.Size(X.shape), X.flatten().flip(0).sum()


def sum_over_axis(A):
    total = A.mT.sum(-1)
    return total, total.numpy(force=True).shape


def vector_sum(x):
    return torch.ones(len(x), dtype=x.dtype) @ x
