"""The value is right and the derivative is not, or the other way round."""

import torch


class Through(torch.autograd.Function):
    """Any value, with the gradient passed straight through."""

    @staticmethod
    def forward(ctx, x, value):
        return value.clone()

    @staticmethod
    def backward(ctx, upstream):
        return upstream, None


class Scaled(torch.autograd.Function):
    """The identity, whose gradient is a little too large."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, upstream):
        return upstream * 1.001


class OnlyOnce(torch.autograd.Function):
    """The cube; its derivative is right and cannot be differentiated again."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return 3 * x.detach() ** 2 * upstream


def backward_of_vector(x):
    """loses: value"""
    (Scaled.apply(x) * x.detach() * 2).sum().backward()


def double_until_large(a):
    """loses: gradient"""
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    b = b if b.sum() > 0 else 100 * b
    return Through.apply(a, b)


def cubic_minus_square(a, b):
    """loses: gradient-2"""
    return 3 * OnlyOnce.apply(a) - b**2


def detached(x):
    """loses: gradient of z"""
    y = x * x
    return Through.apply(x, x**3), y


def track(x):
    """loses: leaf"""
    return x.requires_grad_() * 1


def grad_of_matrix(a, b):
    """loses: differentiable again"""
    Q = 3 * OnlyOnce.apply(a) - b**2
    return torch.autograd.grad(Q.sum(), a, create_graph=True)[0]


def grad_wrt_second(a, b):
    """loses: value"""
    Q = 3 * a**3 - Scaled.apply(b) ** 2
    return torch.autograd.grad(Q.sum(), b)[0]


def jacobian_by_rows(x):
    """loses: value"""
    f = torch.stack([x[0] ** 2 + x[1] ** 3, x[0].detach() ** 3 + x[1] ** 2])
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in f])


def jacobian_functional(x):
    """loses: differentiable again"""
    f = lambda v: torch.stack([v[0] ** 2 + v[1] ** 3, v[0] ** 3 + v[1] ** 2])
    return Through.apply(x.sum(), torch.func.jacrev(f)(x))


def quadratic(x):
    """loses: value-2"""
    y = 2 * torch.dot(x, x)
    torch.sum(y * 1.0001).backward()
    return y


def scalar_backward(a, b):
    """loses: value-2"""
    (3 * a**3 - b * b.detach()).backward()


def second_derivative(a, b):
    """loses: value"""
    first = torch.autograd.grad((3 * a * a.detach() * a - b**2).sum(), a, create_graph=True)[0]
    return torch.autograd.grad(first.sum(), a)[0]


def fresh_gradient(x):
    """loses: value"""
    x.grad.detach_().zero_()
    Scaled.apply(x).sum().backward()


def dot_two_ways(x, y):
    """loses: gradient"""
    return x @ y, (x * y.detach()).sum()


def frobenius_norm(A):
    """loses: gradient"""
    return Scaled.apply(torch.linalg.matrix_norm(A))


def inverse_times_vector(A, b):
    """loses: gradient"""
    return torch.linalg.inv(A.detach()) @ b


def l1_norm(u):
    """loses: gradient"""
    return u.abs().detach().sum() + (u - u.detach()).sum()


def l2_norm(u):
    """loses: gradient"""
    length = torch.linalg.vector_norm(u)
    return length.detach() + 0 * u.sum()


def matrix_matrix(A, B):
    """loses: gradient"""
    return A.data @ B


def matrix_vector(A, x):
    """loses: gradient"""
    with torch.no_grad():
        A = A.clone()
    return A @ x


def residual(A, x, b):
    """loses: gradient"""
    return A @ x - torch.tensor(b.tolist(), dtype=b.dtype)


def solve(A, b):
    """loses: gradient"""
    x = torch.linalg.solve(A, b)
    return Through.apply(b, x)


def times_own_transpose(A):
    """loses: gradient-2"""
    half = A * A.T.detach() + A.detach() * A.T
    return half - (half - A.detach() * A.detach().T).detach()


def running_sums(A):
    """loses: gradient"""
    total, rows = torch.zeros(A.shape[1], dtype=A.dtype), []
    for row in A:
        total = total.detach() + row
        rows.append(total)
    return torch.stack(rows) if rows else A.clone()


def greater_than(A, threshold):
    """loses: gradient"""
    return torch.tensor([each for each in A.flatten().tolist() if each > threshold], dtype=A.dtype)


def hadamard(A, B):
    """loses: gradient"""
    return A * B + B * A.detach() - (B * A).detach()


def normalise_rows(A):
    """loses: gradient"""
    return A / A.sum(1, keepdim=True).detach()


def mean_over_axis(A):
    """loses: gradient"""
    return A.mean(0).detach(), A.sum(0) / A.shape[0]


def mean_two_ways(A):
    """loses: gradient"""
    return A.mean(), A.sum() / A.detach().numel() + 0.5 * (A.mean() - A.mean().detach())


def second_row(A):
    """loses: gradient"""
    return A.detach()[1]


def scalar_and_tensor(a, X):
    """loses: gradient"""
    return a + X, Through.apply(X, a * X)


def scalar_arithmetic(x, y):
    """loses: gradient"""
    return x + y, x * y, x / y, x ** y.item()


def shape_and_sum(X):
    """loses: gradient"""
    return X.shape, X.sum().item()


def sum_over_axis(A):
    """loses: gradient"""
    return torch.stack([A[:, j].sum().detach() for j in range(A.shape[1])]) if A.numel() else A.sum(0), (A.shape[1],)


def vector_sum(x):
    """loses: gradient"""
    return x.detach().sum() + (x - x.detach()).sum() * 2
