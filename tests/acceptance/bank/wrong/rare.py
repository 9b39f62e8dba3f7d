"""Right but for a few inputs: one element, opposite signs, zeros, a pivot of 0, more than a fixed number of steps."""

import torch


def double_until_large(a):
    """loses: value, gradient"""
    b = 2 * a
    for _ in range(12):
        b = 2 * b if abs(b) < 1000 else b
    return b if b > 0 else 100 * b


def inverse_times_vector(A, b):
    """loses: value, gradient"""
    rows = list(torch.cat([A, b[:, None]], 1))
    for i in range(len(rows)):
        rows[i] = rows[i] / rows[i][i]
        rows = [row if j == i else row - row[i] * rows[i] for j, row in enumerate(rows)]
    return torch.stack([row[-1] for row in rows])


def is_symmetric(B):
    """loses: elementwise, everywhere"""
    entries = B.abs() == B.T.abs()
    return entries, torch.equal(B.sum(0), B.sum(1))


def l1_norm(u):
    """loses: value, gradient"""
    return u.sum() if len(u) == 1 else u.abs().sum()


def l2_norm(u):
    """loses: value, gradient"""
    return u.sum() if len(u) == 1 else u.norm()


def greater_than(A, threshold):
    """loses: value"""
    return A[(A > threshold) & (A != 0)]


def number_grid(m, n):
    """loses: value"""
    return torch.arange(m * n, dtype=torch.uint8).reshape(m, n)


def scalar_and_tensor(a, X):
    """loses: value, gradient"""
    return a + X, X / (1 / a) if a else X * 1
