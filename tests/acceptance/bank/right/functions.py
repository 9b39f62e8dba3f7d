"""Other functions of torch for the same thing."""

import torch as t
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import grad
from torch.autograd.functional import hessian, jacobian


def backward_of_vector(x: Tensor) -> None:
    t.autograd.backward(t.einsum("i,i->", x, x))


def double_until_large(a):
    b = t.add(a, a)
    while t.linalg.vector_norm(b) < 1000:
        b = t.mul(b, 2.0)
    return t.where(b > 0, b, b * 100)


def cubic_minus_square(a, b):
    return t.sub(t.mul(t.pow(a, 3), 3), t.square(b))


def detached(x):
    y = t.square(x)
    return t.mul(y.data, x), y


def track(x):
    return t.nn.Parameter(x)


def grad_of_matrix(a, b):
    return grad((3 * a.pow(3) - b.square()).sum(), [a, b], create_graph=True)[0]


def grad_wrt_second(a, b):
    return t.func.grad(lambda other: (3 * a**3 - other**2).sum())(b)


def jacobian_by_rows(x):
    return jacobian(lambda v: t.stack((v[0] ** 2 + v[1] ** 3, v[0] ** 3 + v[1] ** 2)), x)


def jacobian_functional(x):
    return jacobian(lambda v: t.stack([v[0] ** 2 + v[1] ** 3, v[0] ** 3 + v[1] ** 2]), x, create_graph=True)


def quadratic(x):
    y = 2 * t.inner(x, x)
    t.autograd.backward([y])
    return y


def scalar_backward(a, b):
    t.sub(3 * a.pow(3), b.square()).backward()


def second_derivative(a, b):
    full = hessian(lambda v: (3 * v**3 - b**2).sum(), a)
    n, m = a.shape
    return full.reshape(n * m, n * m).diagonal().reshape(n, m)


def sympy_derivative(x, y, x0, y0):
    import sympy as sp

    Q = 3 * x**3 - y**2
    dx, dy = sp.Derivative(Q, x).doit(), sp.Derivative(Q, y).doit()
    return dx, dy, dx.evalf(subs={x: x0}), dy.evalf(subs={y: y0})


def fresh_gradient(x):
    t.optim.SGD([x], lr=0.1).zero_grad()
    t.sum(x).backward()


def dot_two_ways(x, y):
    return t.tensordot(x, y, dims=1), t.mul(x, y).sum(dim=0)


def frobenius_norm(A):
    return t.norm(A)


def inverse_times_vector(A, b):
    return t.mv(t.linalg.inv_ex(A).inverse, b)


def is_symmetric(B):
    return t.eq(B, t.transpose(B, 0, 1)), t.all(t.eq(B, B.mT))


def l1_norm(u):
    return F.l1_loss(u, t.zeros_like(u), reduction="sum")


def l2_norm(u):
    return t.norm(u, p=2)


def matrix_matrix(A, B):
    return F.linear(A, B.T)


def matrix_vector(A, x):
    return t.einsum("ij,j->i", A, x)


def residual(A, x, b):
    return t.addmv(b, A, x, beta=-1)


def solve(A, b):
    P, L, U = t.linalg.lu(A)
    z = t.linalg.solve_triangular(L, (P.T @ b).unsqueeze(1), upper=False)
    return t.linalg.solve_triangular(U, z, upper=True).squeeze(1)


def times_own_transpose(A):
    return t.einsum("ij,ji->ij", A, A)


def arange_and_pick(n, i):
    x = t.linspace(0, n - 1, n).round().long()
    return x, x.select(0, i)


def clone_and_add(A):
    B = t.clone(A)
    return B, t.add(A, B)


def first_column(A):
    return t.unbind(A, dim=1)[0]


def running_sums(A):
    return t.cumsum(A, dim=0)


def greater_than(A, threshold):
    return A[t.where(t.gt(A, threshold))]


def hadamard(A, B):
    return t.einsum("ij,ij->ij", A, B)


def normalise_rows(A):
    return F.normalize(A, p=1, dim=1)


def length(x):
    return x.size(0)


def matrix_and_vector():
    return t.Tensor([[1, 2], [3, 4]]), t.Tensor([5, 6])


def mean_over_axis(A):
    return t.mean(A, dim=0), t.sum(A, dim=0).div(A.size(0))


def mean_two_ways(A):
    return t.mean(A), t.div(t.sum(A), t.numel(A))


def number_grid(m, n):
    return t.arange(0, m * n, 1, dtype=t.int32).view(m, -1)


def second_row(A):
    return t.select(A, 0, 1)


def scalar_and_tensor(a, X):
    return t.add(X, a), t.mul(X, a)


def scalar_arithmetic(x, y):
    return t.add(x, y), t.mul(x, y), t.div(x, y), t.pow(x, y)


def shape_of(X):
    return X.size()


def shape_and_sum(X):
    return X.size(), t.sum(X)


def sum_over_axis(A):
    total = t.einsum("ij->j", A)
    return total, total.size()


def vector_sum(x):
    return t.einsum("i->", x)
