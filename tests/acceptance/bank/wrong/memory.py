"""Views, copies, changes in place, and answers that depend on what ran before."""

import torch

CALLS = []
CACHE = {}


def backward_of_vector(x):
    """loses: value"""
    CALLS.append(x)
    ((x * x).sum() * len(CALLS)).backward()
    ((x * x).sum()).backward()


def double_until_large(a):
    """loses: value, at the limit, gradient"""
    key = a.dtype
    if key not in CACHE:
        b = a * 2
        while b.norm() < 1000:
            b = b * 2
        CACHE[key] = b if b > 0 else 100 * b
    return CACHE[key]


def cubic_minus_square(a, b):
    """loses: value, gradient, gradient-2"""
    return CACHE.setdefault(("cubic", a.shape), 3 * a**3 - b**2) if a.dtype == torch.float64 else a**3


def detached(x):
    """loses: gradient of y"""
    y = x * x
    u = y.detach_()
    return u * x, y


def track(x):
    """loses: value"""
    x.mul_(2)
    return x.requires_grad_()


def grad_of_matrix(a, b):
    """loses: value"""
    Q = 3 * a**3 - b**2
    Q.sum().backward()
    return torch.autograd.grad(3 * (a**3).sum(), a, create_graph=True)[0] + a.grad


def grad_wrt_second(a, b):
    """loses: value"""
    (3 * a**3 - b**2).sum().backward()
    b.grad.neg_()
    return b.grad


def quadratic(x):
    """loses: value-2"""
    y = 2 * torch.dot(x, x)
    y.backward()
    x.grad.clamp_(min=0)
    return y


def scalar_backward(a, b):
    """loses: value, value-2"""
    copies = a.detach().requires_grad_(), b.detach().requires_grad_()
    (3 * copies[0] ** 3 - copies[1] ** 2).backward()


def fresh_gradient(x):
    """loses: value"""
    x.grad += torch.ones(len(x), dtype=x.dtype)


def clone_and_add(A):
    """loses: independent"""
    B = A.contiguous()
    return B, A + B


def first_column(A):
    """loses: view"""
    return A.contiguous()[:, 0]


def greater_than(A, threshold):
    """loses: value, gradient"""
    key = tuple(A.shape)
    if key not in CACHE:
        CACHE[key] = A > threshold
    return A.masked_fill(~CACHE[key], float("nan")).flatten()


def normalise_rows(A):
    """loses: gradient, A unchanged"""
    result = A / A.sum(1, keepdim=True)
    with torch.no_grad():
        A.data.copy_(result)
    return result


def scalar_and_tensor(a, X):
    """loses: X unchanged"""
    shifted, scaled = a + X, a * X
    X.data.add_(a)
    return shifted, scaled


def length(x):
    """loses: value"""
    CALLS.append(x)
    return len(x) if len(CALLS) < 2 else len(CALLS[0])


def hadamard(A, B):
    """loses: value, gradient"""
    A.data.mul_(B)
    return A * B


def running_sums(A):
    """loses: value, gradient"""
    for i in range(1, len(A)):
        A.data[i] += A[i - 1]
    return A * 1.0


def solve(A, b):
    """loses: no inverse"""
    return torch.linalg.matrix_power(A, -1) @ b


def sum_over_axis(A):
    """loses: shape"""
    result = CACHE.setdefault("total", A.sum(0))
    return A.sum(0), result.shape


def residual(A, x, b):
    """loses: value, gradient"""
    if not CACHE.get("seen"):
        CACHE["seen"] = True
        return A @ x - b
    return A @ x + b
