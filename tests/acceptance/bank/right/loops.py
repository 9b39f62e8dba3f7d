"""Plain Python: loops over elements, helpers, indices."""

import math
from functools import reduce
from itertools import product

import torch


def _elements(A):
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            yield i, j


def _dot(x, y):
    total = torch.zeros((), dtype=x.dtype)
    for left, right in zip(x, y):
        total = total + left * right
    return total


def backward_of_vector(x):
    total = 0 * x.sum()
    for element in x:
        total = total + element**2
    total.backward()


def double_until_large(a):
    count = 1
    while abs(a.item()) * 2**count < 1000:
        count += 1
    b = a * 2**count
    if b.item() <= 0:
        b = 100 * b
    return b


def cubic_minus_square(a, b):
    result = torch.empty_like(a)
    for i, j in _elements(a):
        result[i, j] = 3 * a[i, j] * a[i, j] * a[i, j] - b[i, j] * b[i, j]
    return result


def detached(x):
    y = torch.zeros_like(x)
    z = torch.zeros_like(x)
    for i in range(len(x)):
        y[i] = x[i] ** 2
        z[i] = x[i].item() ** 2 * x[i]
    return z, y


def track(x):
    result = torch.zeros(len(x), dtype=x.dtype)
    for i in range(len(x)):
        result[i] = x[i]
    result.requires_grad = True
    return result


def grad_of_matrix(a, b):
    Q = 3 * a**3 - b**2
    total = 0
    for i, j in _elements(Q):
        total = total + torch.autograd.grad(Q[i, j], a, create_graph=True)[0]
    return total


def grad_wrt_second(a, b):
    for i, j in _elements(b):
        (3 * a[i, j] ** 3 - b[i, j] ** 2).backward()
    return b.grad


def jacobian_by_rows(x):
    J = torch.zeros(2, 2, dtype=x.dtype)
    for i in range(2):
        f = (x[0] ** 2 + x[1] ** 3, x[0] ** 3 + x[1] ** 2)
        J[i] = torch.autograd.grad(f[i], x)[0]
    return J


def jacobian_functional(x):
    parts = [lambda v: v[0] ** 2 + v[1] ** 3, lambda v: v[0] ** 3 + v[1] ** 2]
    return torch.stack([torch.func.grad(part)(x) for part in parts])


def quadratic(x):
    y = 2 * _dot(x, x) + 0 * x.sum()
    y.backward()
    return y.item()


def scalar_backward(a, b):
    cube = a * a * a
    square = b * b
    (cube + cube + cube - square).backward()


def second_derivative(a, b):
    result = torch.zeros_like(a)
    for i, j in _elements(a):
        first = torch.autograd.grad(3 * a[i, j] ** 3 - b[i, j] ** 2, a, create_graph=True)[0]
        result[i, j] = torch.autograd.grad(first[i, j], a)[0][i, j]
    return result.detach()


def sympy_derivative(x, y, x0, y0):
    Q = 3 * x**3 - y**2
    results = []
    for symbol in (x, y):
        results.append(Q.diff(symbol))
    for symbol, number in ((x, x0), (y, y0)):
        results.append(float(Q.diff(symbol).replace(symbol, number)))
    return results


def fresh_gradient(x):
    for i in range(len(x)):
        x.grad[i] = 0
    total = 0 * x.sum()
    for element in x:
        total = total + element
    total.backward()


def dot_two_ways(x, y):
    return reduce(lambda total, i: total + x[i] * y[i], range(len(x)), 0), sum(x * y)


def frobenius_norm(A):
    total = 0
    for i, j in product(range(A.shape[0]), range(A.shape[1])):
        total = total + A[i, j] ** 2
    return total**0.5


def inverse_times_vector(A, b):
    """Gauss and Jordan, with pivots."""
    rows = [torch.cat([row, b[i : i + 1]]) for i, row in enumerate(A)]
    for i in range(len(b)):
        pivot = max(range(i, len(b)), key=lambda k: abs(rows[k][i].item()))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = rows[i] / rows[i][i]
        rows = [row if k == i else row - row[i] * rows[i] for k, row in enumerate(rows)]
    return torch.stack([row[-1] for row in rows])


def is_symmetric(B):
    entries = torch.ones(B.shape, dtype=torch.bool)
    whole = True
    for i, j in _elements(B):
        entries[i, j] = B[i, j] == B[j, i]
        whole = whole and bool(entries[i, j])
    return entries, whole


def l1_norm(u):
    return sum(abs(element) for element in u)


def l2_norm(u):
    return _dot(u, u) ** 0.5


def matrix_matrix(A, B):
    C = torch.zeros(A.shape[0], B.shape[1], dtype=A.dtype)
    for i, j in _elements(C):
        C[i, j] = _dot(A[i], B[:, j])
    return C


def matrix_vector(A, x):
    result = A.new_zeros(len(A))
    for j in range(len(x)):
        result = result + x[j] * A[:, j]
    return result


def residual(A, x, b):
    return torch.stack([_dot(row, x) - right for row, right in zip(A, b)])


def solve(A, b):
    """Elimination with pivots, then backwards."""
    n = len(b)
    rows, right = list(A), list(b)
    for i in range(n):
        k = max(range(i, n), key=lambda row: abs(rows[row][i].item()))
        rows[i], rows[k] = rows[k], rows[i]
        right[i], right[k] = right[k], right[i]
        for below in range(i + 1, n):
            factor = rows[below][i] / rows[i][i]
            rows[below] = rows[below] - factor * rows[i]
            right[below] = right[below] - factor * right[i]
    x = [torch.zeros(())] * n
    for i in reversed(range(n)):
        x[i] = (right[i] - sum(rows[i][j] * x[j] for j in range(i + 1, n))) / rows[i][i]
    return torch.stack(x)


def times_own_transpose(A):
    B = torch.zeros_like(A)
    for i, j in _elements(A):
        B[i, j] = A[i, j] * A[j, i]
    return B


def arange_and_pick(n, i):
    x = torch.tensor([k for k in range(n)])
    return [x, int(x[i])]


def clone_and_add(A):
    B = torch.zeros_like(A)
    for i, j in _elements(A):
        B[i, j] = A[i, j]
    return B, B + B


def first_column(A):
    return A[:, :1].squeeze(1)


def running_sums(A):
    result = torch.zeros_like(A)
    for i in range(len(A)):
        result[i] = A[: i + 1].sum(0)
    return result


def greater_than(A, threshold):
    places = [i for i, element in enumerate(A.flatten().tolist()) if element > threshold]
    return A.flatten()[torch.tensor(places, dtype=torch.long)]


def hadamard(A, B):
    C = A.clone()
    for i, j in _elements(A):
        C[i, j] = A[i, j] * B[i, j]
    return C


def normalise_rows(A):
    rows = []
    for row in A:
        rows.append(row / sum(row))
    return torch.stack(rows)


def length(x):
    count = 0
    for _ in x:
        count += 1
    return count


def matrix_and_vector():
    A = torch.zeros(2, 2)
    b = torch.zeros(2)
    for k in range(4):
        A[k // 2, k % 2] = k + 1
    b[0], b[1] = 5, 6
    return [A, b]


def mean_over_axis(A):
    total = 0
    for row in A:
        total = total + row
    return A.T.mean(1), total / len(A)


def mean_two_ways(A):
    total = 0
    for i, j in _elements(A):
        total += A[i, j]
    return A.flatten().mean(), total / math.prod(A.shape)


def number_grid(m, n):
    return torch.tensor([[i * n + j for j in range(n)] for i in range(m)])


def second_row(A):
    for i, row in enumerate(A):
        if i == 1:
            return row


def scalar_and_tensor(a, X):
    shifted = X.clone()
    shifted += a
    scaled = X.clone()
    scaled *= a
    return shifted, scaled


def scalar_arithmetic(x, y):
    return [x + y, x * y, x / y, x**y]


def shape_of(X):
    return [X.size(axis) for axis in range(X.dim())]


def shape_and_sum(X):
    total = X
    while total.dim():
        total = total.sum(-1)
    return list(X.shape), total


def sum_over_axis(A):
    total = torch.zeros(A.shape[1], dtype=A.dtype)
    for row in A:
        total = total + row
    return total, [A.shape[1]]


def vector_sum(x):
    return sum(x)
