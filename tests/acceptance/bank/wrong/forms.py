"""The right numbers in the wrong dtype, shape or number of results."""

import numpy as np
import torch


def backward_of_vector(x):
    """loses: value"""
    y = x.half() ** 2
    y.sum().backward()


def double_until_large(a):
    """loses: value, at the limit, gradient"""
    b = 2 * a.reshape(1)
    while abs(b) < 1000:
        b = 2 * b
    return b if b > 0 else 100 * b


def cubic_minus_square(a, b):
    """loses: value, gradient, gradient-2"""
    return (3 * a.half() ** 3 - b.half() ** 2).to(a.dtype)


def detached(x):
    """loses: value, gradient of z, gradient of y"""
    y = x * x
    return y.detach() * x, y, x


def track(x):
    """loses: value"""
    return x.double().half().to(x.dtype).requires_grad_()


def grad_of_matrix(a, b):
    """loses: value, differentiable again"""
    Q = 3 * a**3 - b**2
    return torch.autograd.grad(Q.sum(), a, create_graph=True)


def grad_wrt_second(a, b):
    """loses: value"""
    return (-2 * b).flatten()


def jacobian_by_rows(x):
    """loses: value"""
    return [[2 * x[0].item(), 3 * x[1].item() ** 2], [3 * x[0].item() ** 2, 2 * x[1].item()]]


def jacobian_functional(x):
    """loses: value, differentiable again"""
    f = lambda v: (v[0] ** 2 + v[1] ** 3, v[0] ** 3 + v[1] ** 2)
    return torch.func.jacrev(f)(x)


def quadratic(x):
    """loses: value"""
    y = 2 * (x @ x)
    y.backward()
    return y.reshape(1)


def scalar_backward(a, b):
    """loses: value"""
    a.grad = (9 * a.detach() ** 2).half().to(a.dtype)
    b.grad = -2 * b.detach()


def second_derivative(a, b):
    """loses: value"""
    return (18 * a).detach().numpy()


def sympy_derivative(x, y, x0, y0):
    """loses: value, value-2, value of dx, value of dy"""
    Q = 3 * x**3 - y**2
    return Q.diff(x), Q.diff(y), (Q.diff(x).subs(x, x0), Q.diff(y).subs(y, y0))


def fresh_gradient(x):
    """loses: value"""
    x.grad = None
    x.sum(0, keepdim=True).expand(2).sum().backward()


def dot_two_ways(x, y):
    """loses: directly, gradient"""
    return x[None] @ y[:, None], (x * y).sum()


def frobenius_norm(A):
    """loses: value, gradient"""
    return torch.linalg.vector_norm(A, keepdim=True)


def inverse_times_vector(A, b):
    """loses: value, gradient"""
    return torch.linalg.inv(A) @ b[:, None]


def is_symmetric(B):
    """loses: everywhere"""
    entries = B == B.T
    return entries, int(entries.all())


def l1_norm(u):
    """loses: value"""
    return u.bfloat16().abs().sum().to(u.dtype)


def l2_norm(u):
    """loses: value, gradient"""
    return torch.linalg.vector_norm(u.reshape(1, -1), dim=1)


def matrix_matrix(A, B):
    """loses: value, gradient"""
    return A.float() @ B.float()


def matrix_vector(A, x):
    """loses: value, gradient"""
    return (A @ x).unsqueeze(0)


def residual(A, x, b):
    """loses: value, gradient"""
    return A @ x[:, None] - b


def solve(A, b):
    """loses: value, gradient"""
    return torch.linalg.solve(A.float(), b.float())


def times_own_transpose(A):
    """loses: value, gradient"""
    return A.float() * A.T


def arange_and_pick(n, i):
    """loses: range"""
    return list(range(n)), i


def clone_and_add(A):
    """loses: value"""
    return A.flatten().clone(), 2 * A


def first_column(A):
    """loses: value"""
    return A[:, 0].unsqueeze(-1)


def running_sums(A):
    """loses: value"""
    return torch.cumsum(A, 0, dtype=torch.float32)


def greater_than(A, threshold):
    """loses: value, gradient"""
    return A[A > threshold].unsqueeze(0)


def hadamard(A, B):
    """loses: value, gradient"""
    return torch.tensor((A.detach().numpy() * B.detach().numpy()).tolist(), dtype=torch.float64)


def normalise_rows(A):
    """loses: value, gradient"""
    return (A.bfloat16() / A.bfloat16().sum(1, keepdim=True)).to(A.dtype)


def length(x):
    """loses: value"""
    return torch.tensor(len(x))


def matrix_and_vector():
    """loses: matrix, vector"""
    return np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])


def mean_over_axis(A):
    """loses: directly, gradient"""
    return A.mean(0, keepdim=True), A.sum(0) / len(A)


def mean_two_ways(A):
    """loses: directly, as a quotient, gradient"""
    return torch.stack([A.mean(), A.mean()]), A.mean().reshape(1)


def number_grid(m, n):
    """loses: value"""
    return torch.arange(m * n, dtype=torch.float32).reshape(m, n)


def second_row(A):
    """loses: value"""
    return A[1].float().half()


def scalar_and_tensor(a, X):
    """loses: value, gradient"""
    return (a + X).squeeze(), (a * X).squeeze()


def scalar_arithmetic(x, y):
    """loses: value, gradient"""
    return torch.stack([x + y, x * y, x / y, x**y])


def shape_of(X):
    """loses: value"""
    return str(tuple(X.shape))


def shape_and_sum(X):
    """loses: total"""
    return X.shape, X.float().sum()


def sum_over_axis(A):
    """loses: shape"""
    total = A.sum(0)
    return total, torch.tensor(total.shape)


def vector_sum(x):
    """loses: value"""
    return x.double().sum()
