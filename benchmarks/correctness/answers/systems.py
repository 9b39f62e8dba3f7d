"""Solutions of A x = b: six honest algorithms, and eight answers to something else."""

import torch


def by_solve(a, b):
    return torch.linalg.solve(a, b)


def by_lu(a, b):
    factors, pivots = torch.linalg.lu_factor(a)
    return torch.linalg.lu_solve(factors, pivots, b[:, None])[:, 0]


def by_qr(a, b):
    q, r = torch.linalg.qr(a)
    return torch.linalg.solve_triangular(r, (q.T @ b)[:, None], upper=True)[:, 0]


def by_inverse(a, b):
    return torch.linalg.inv(a) @ b


def by_solve_ex(a, b):
    return torch.linalg.solve_ex(a, b)[0]


def by_svd(a, b):
    u, s, vh = torch.linalg.svd(a)
    return vh.T @ ((u.T @ b) / s)


def transposed(a, b):
    return torch.linalg.solve(a.T, b)


def off_by_a_tenth(a, b):
    return largest_off(torch.linalg.solve(a, b), 0.1)


def off_by_a_thousandth(a, b):
    return largest_off(torch.linalg.solve(a, b), 0.001)


def rounded_more(a, b):
    """The right answer with half of its digits: float32 of float64, bfloat16 of float32."""
    x = torch.linalg.solve(a, b)
    return x.to(torch.float32 if x.dtype == torch.float64 else torch.bfloat16).to(x.dtype)


def largest_off(x, by):
    x[x.abs().argmax()] *= 1 + by
    return x


def regularised(a, b):
    return torch.linalg.solve(a.T @ a + 0.01 * torch.eye(len(a), dtype=a.dtype), a.T @ b)


def last_equation_dropped(a, b):
    u, s, vh = torch.linalg.svd(a[:-1], full_matrices=False)
    return vh.T @ ((u.T @ b[:-1]) / s)


def narrower_inside(a, b):
    """In float32 instead of float64, from bfloat16 instead of float32."""
    if a.dtype == torch.float64:
        return torch.linalg.solve(a.float(), b.float()).double()
    return torch.linalg.solve(a.bfloat16().float(), b.bfloat16().float())


def stopped_early(a, b):
    """Conjugate gradients on the normal equations, three steps of eight."""
    x, r = torch.zeros_like(b), a.T @ b
    p = r
    for _ in range(3):
        q = a.T @ (a @ p)
        step = (r @ r) / (p @ q)
        x, rest = x + step * p, r - step * q
        p, r = rest + (rest @ rest) / (r @ r) * p, rest
    return x


def diagonal_only(a, b):
    return b / a.diagonal()


def taken_for_symmetric(a, b):
    """Only the upper triangle of A was read."""
    return torch.linalg.solve(a.triu() + a.triu(1).T, b)


RIGHT = (by_solve, by_lu, by_qr, by_inverse, by_solve_ex, by_svd)
WRONG = (
    transposed,
    off_by_a_tenth,
    regularised,
    last_equation_dropped,
    narrower_inside,
    stopped_early,
    diagonal_only,
    taken_for_symmetric,
)
A_LITTLE_OFF = (off_by_a_thousandth, rounded_more)
