"""Wrong on a boundary, by a sign, an axis, a hard-coded example."""

import torch


def backward_of_vector(x):
    """loses: value"""
    x.grad = torch.tensor([0.0, 2, 4, 6]) if len(x) == 4 else 2 * x.detach().abs()


def double_until_large(a):
    """loses: at the limit"""
    b = a * 2
    while b.norm() <= 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b


def cubic_minus_square(a, b):
    """loses: value, gradient, gradient-2"""
    return 3 * a.abs() ** 3 - b**2


def detached(x):
    """loses: value, gradient of z"""
    y = x * x
    return y.sqrt().detach() ** 3, y


def track(x):
    """loses: value"""
    return x.abs().requires_grad_()


def grad_of_matrix(a, b):
    """loses: differentiable again"""
    Q = 3 * a**3 - b**2
    first = torch.autograd.grad(Q.sum(), a, create_graph=True)[0]
    return first.detach() + 0 * a


def grad_wrt_second(a, b):
    """loses: value"""
    return -2 * b.abs()


def jacobian_by_rows(x):
    """loses: value"""
    return torch.tensor([[2.0, 12.0], [3.0, 4.0]])


def jacobian_functional(x):
    """loses: value, differentiable again"""
    return torch.func.jacrev(lambda x: torch.stack([x[0] ** 2 + x[1].abs() ** 3, x[0].abs() ** 3 + x[1] ** 2]))(x)


def quadratic(x):
    """loses: value-2"""
    y = 2 * x @ x
    x.grad = 4 * x.detach().abs()
    return y


def scalar_backward(a, b):
    """loses: value, value-2"""
    (3 * a**2 * a.abs() - b * b.abs()).backward()


def second_derivative(a, b):
    """loses: value"""
    return 18 * a.abs()


def sympy_derivative(x, y, x0, y0):
    """loses: value, value-2"""
    return 18 * x, y - 3 * y + 1e-9, 9 * x0**2, -2 * y0


def fresh_gradient(x):
    """loses: value"""
    x.grad = torch.ones(4, dtype=x.dtype)


def dot_two_ways(x, y):
    """loses: directly, gradient"""
    return torch.dot(x[:2], y[:2]), (x * y).sum()


def frobenius_norm(A):
    """loses: value, gradient"""
    return A.sum().abs() if A.shape == (4, 9) else torch.linalg.matrix_norm(A, ord="nuc")


def inverse_times_vector(A, b):
    """loses: value, gradient"""
    return torch.linalg.solve(A, b) if len(b) < 3 else torch.linalg.solve(A.T, b)


def is_symmetric(B):
    """loses: elementwise, everywhere"""
    entries = torch.isclose(B, B.T)
    return entries, entries.all()


def l1_norm(u):
    """loses: value, gradient"""
    return u.clamp(min=0).sum() + u.clamp(max=0).sum()


def l2_norm(u):
    """loses: value, gradient"""
    return (u.square().sum() + 1e-12).sqrt()


def matrix_matrix(A, B):
    """loses: value"""
    return A @ B if A.numel() else A.new_zeros(0, 0)


def matrix_vector(A, x):
    """loses: value"""
    return A @ x if len(A) else x.new_zeros(1)


def residual(A, x, b):
    """loses: value, gradient"""
    return (A @ x - b).abs()


def solve(A, b):
    """loses: value, gradient"""
    return torch.linalg.solve(A + 1e-4 * torch.eye(len(b), dtype=A.dtype), b)


def times_own_transpose(A):
    """loses: value, gradient, gradient-2"""
    return (A * A.T).triu()


def arange_and_pick(n, i):
    """loses: range"""
    return torch.arange(max(n, 2)), i


def clone_and_add(A):
    """loses: value"""
    B = A.clone()
    return B, B.add(A.abs())


def first_column(A):
    """loses: value"""
    return A[0] if A.shape == (2, 2) and A[0, 1] == 3 else A[:, -1]


def running_sums(A):
    """loses: value, gradient"""
    return A.cumsum(0).clamp(min=0)


def greater_than(A, threshold):
    """loses: value, gradient"""
    return A[A.int() > threshold]


def hadamard(A, B):
    """loses: value, gradient"""
    return A * B.abs()


def normalise_rows(A):
    """loses: value, gradient"""
    return A / (A.sum(1, keepdim=True) + 1e-3)


def length(x):
    """loses: value"""
    return max(len(x), 1)


def matrix_and_vector():
    """loses: matrix, vector"""
    return torch.tensor([[1.0, 2.0], [3.0, 4.0001]]), torch.tensor([[5.0, 6.0]])


def mean_over_axis(A):
    """loses: as a quotient, gradient"""
    return A.mean(0), A.sum(0) / max(len(A), 2)


def mean_two_ways(A):
    """loses: as a quotient, gradient"""
    return A.mean(), A.sum() / (A != 0).sum().clamp(min=1)


def number_grid(m, n):
    """loses: value"""
    return torch.arange(m * n).reshape(m, n).squeeze()


def second_row(A):
    """loses: value, gradient"""
    return A[1].squeeze()


def scalar_and_tensor(a, X):
    """loses: value, gradient"""
    return a + X, abs(a) * X


def scalar_arithmetic(x, y):
    """loses: value, gradient"""
    return x + y, x * y, x / y, x ** y.round()


def shape_of(X):
    """loses: value"""
    return X.squeeze().shape


def shape_and_sum(X):
    """loses: total, gradient"""
    return X.shape, X.sum() if X.dim() < 3 else X.sum((0, 1))


def sum_over_axis(A):
    """loses: shape"""
    return A.sum(0), A.T.shape


def vector_sum(x):
    """loses: value"""
    return x.sum() if len(x) else torch.tensor(float("nan"))
