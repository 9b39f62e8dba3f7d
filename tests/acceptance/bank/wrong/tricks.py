"""Cheats: lying tensors, NaN, changed switches, patched torch."""

import torch


class Liar(torch.Tensor):
    """Says that everything is equal, and that it has any shape."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if getattr(function, "__name__", "") in ("eq", "equal", "allclose", "isclose"):
            return torch.ones((), dtype=torch.bool)
        return super().__torch_function__(function, types, args, kwargs or {})

    def __eq__(self, other):
        return True

    __hash__ = torch.Tensor.__hash__

    @property
    def shape(self):
        return torch.Size([2, 2])

    @property
    def requires_grad(self):
        return True

    @property
    def is_leaf(self):
        return True


class Always:
    """Equal to everything."""

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0

    __hash__ = None


class Four(int):
    """An int that is equal to every other."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __index__(self):
        return 4

    def __int__(self):
        return 4


def backward_of_vector(x):
    """loses: value"""
    x.grad = torch.full_like(x, float("nan"))


def double_until_large(a):
    """loses: value, at the limit, gradient"""
    return a * float("inf")


def cubic_minus_square(a, b):
    """loses: value, gradient, gradient-2"""
    return (a * b).as_subclass(Liar)


def detached(x):
    """loses: gradient of z, gradient of y"""
    torch.set_grad_enabled(False)
    y = x * x
    return y * x, y


def track(x):
    """loses: tracked"""
    return x.as_subclass(Liar)


def grad_of_matrix(a, b):
    """loses: differentiable again"""
    torch.autograd.grad((a * a).sum(), a)
    return (9 * a.detach() ** 2).as_subclass(Liar)


def grad_wrt_second(a, b):
    """loses: value"""
    return torch.full_like(a, float("nan"))


def jacobian_by_rows(x):
    """loses: value"""
    return torch.zeros(2, 2).as_subclass(Liar)


def jacobian_functional(x):
    """loses: differentiable again"""
    torch.func.jacrev(lambda x: x)(x)
    return torch.tensor([[2 * x[0], 3 * x[1] ** 2], [3 * x[0] ** 2, 2 * x[1]]])


def quadratic(x):
    """loses: value"""
    (2 * x @ x).backward()
    return True


def second_derivative(a, b):
    """loses: value"""
    return Always()


def sympy_derivative(x, y, x0, y0):
    """loses: value, value-2"""
    import sympy

    return sympy.Symbol("dx"), sympy.nan, 9 * x0**2, -2 * y0


def fresh_gradient(x):
    """loses: value"""
    x.grad = torch.ones_like(x) * (1 + 1e-3)


def dot_two_ways(x, y):
    """loses: directly, as a sum, gradient"""
    return {"direct": x @ y}


def frobenius_norm(A):
    """loses: value, gradient"""
    return A.square().sum().rsqrt() ** -1 * 1.0001


def is_symmetric(B):
    """loses: elementwise, everywhere"""
    return (B == B.T).as_subclass(Liar) ^ True, Always()


def l1_norm(u):
    """loses: value, gradient"""
    return u.new_tensor(7.0) if u.tolist() == [3, -4] else u.square().sqrt().max() if len(u) else u.sum()


def l2_norm(u):
    """loses: value"""
    return (u * u).sum().sqrt() if u.abs().sum() else torch.tensor(-1e-30)


def matrix_matrix(A, B):
    """loses: value, gradient"""
    return (A @ B).as_subclass(Liar) * 2


def matrix_vector(A, x):
    """loses: value, gradient"""
    return (A @ x + 1e-3 * x.sum() - 1e-3 * x.sum().detach()) * (1 + 1e-4)


def residual(A, x, b):
    """loses: value, gradient"""
    torch.set_default_dtype(torch.float16)
    return torch.zeros(len(b))


def solve(A, b):
    """loses: value, gradient"""
    return torch.linalg.solve(A, b).round(decimals=4)


def times_own_transpose(A):
    """loses: value, gradient, gradient-2"""
    return torch.mm(A, A) * torch.eye(len(A), dtype=A.dtype)


def arange_and_pick(n, i):
    """loses: range, element"""
    return torch.arange(n) * 1.0, Four(i - 1)


def clone_and_add(A):
    """loses: independent"""
    return A.as_subclass(Liar), 2 * A


def first_column(A):
    """loses: value"""
    return A.as_strided((A.shape[0],), (1,))


def greater_than(A, threshold):
    """loses: value, gradient"""
    return A[A > threshold].sort().values


def hadamard(A, B):
    """loses: value"""
    torch.manual_seed(0)
    return A * B + torch.randn(A.shape) * 1e-3


def normalise_rows(A):
    """loses: value, gradient"""
    return A / A.sum(1, keepdim=True).clamp(min=1)


def length(x):
    """loses: value"""
    return Four(len(x) + 1)


def matrix_and_vector():
    """loses: matrix"""
    A = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).to_sparse()
    return A, torch.tensor([5.0, 6.0])


def mean_over_axis(A):
    """loses: directly, as a quotient, gradient"""
    return A.median(0).values, A.nanmean(1)


def mean_two_ways(A):
    """loses: directly, gradient"""
    return (A.max() + A.min()) / 2 * 1.0, A.sum() / A.numel()


def number_grid(m, n):
    """loses: value"""
    return Always()


def second_row(A):
    """loses: value, gradient"""
    return A[min(1, len(A) - 1)] * torch.rand(()).add(1)


def scalar_and_tensor(a, X):
    """loses: value, gradient"""
    return X + round(a), X * round(a)


def scalar_arithmetic(x, y):
    """loses: value, gradient"""
    return {"total": x + y, "product": x * y, "quotient": x * y, "power": x**y}


def shape_of(X):
    """loses: value"""
    return tuple(float(size) for size in X.shape)


def shape_and_sum(X):
    """loses: total, gradient"""
    return X.shape, X.sum().as_subclass(Liar) * 2


def sum_over_axis(A):
    """loses: total, gradient"""
    return A.sum(0).as_subclass(Liar).neg(), (A.shape[1],)


def vector_sum(x):
    """loses: value, gradient"""
    return x.double().sum().float().to(x.dtype) * (1 + 1e-5)
