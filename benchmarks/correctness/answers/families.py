"""Answers of which there is more than one: right ones in several gauges, by several algorithms, and wrong ones."""

import torch

CUT = 1e-4
"""Below this share of the greatest one, a singular value of a matrix of small integers is zero."""


def signs(count, like):
    """-1, 1, -1, …"""
    return torch.tensor([(-1.0) ** (place + 1) for place in range(count)], dtype=like.dtype)


def turn(size, like):
    """An orthogonal matrix: a reflection along (1, 2, …)."""
    along = torch.arange(1, size + 1, dtype=like.dtype)
    return torch.eye(size, dtype=like.dtype) - 2 * torch.outer(along, along) / (along @ along)


def eigh(a):
    return torch.linalg.eigh(a)


def eigh_upper(a):
    return torch.linalg.eigh(a, UPLO="U")


def eigh_other_signs(a):
    values, vectors = torch.linalg.eigh(a)
    return values, vectors * signs(len(a), a)


def eigh_by_svd(a):
    """Of a shift that makes all eigenvalues positive."""
    shift = 2 * a.abs().sum(1).max()
    vectors, values, _ = torch.linalg.svd(a + shift * torch.eye(len(a), dtype=a.dtype))
    return values.flip(0) - shift, vectors.flip(1)


def eigh_rows(a):
    values, vectors = torch.linalg.eigh(a)
    return values, vectors.T


def eigh_descending(a):
    values, vectors = torch.linalg.eigh(a)
    return values.flip(0), vectors.flip(1)


def svd(a):
    return torch.linalg.svd(a, full_matrices=False)


def svd_other_signs(a):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    other = signs(len(s), a)
    return u * other, s, other[:, None] * vh


def svd_of_transpose(a):
    u, s, vh = torch.linalg.svd(a.T.contiguous(), full_matrices=False)
    return vh.T, s, u.T


def svd_after_qr(a):
    q, r = torch.linalg.qr(a)
    u, s, vh = torch.linalg.svd(r, full_matrices=False)
    return q @ u, s, vh


def svd_v_for_vh(a):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    return u, s, vh.T


def svd_one_sign(a):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    u[:, 0] = -u[:, 0]
    return u, s, vh


def qr(a):
    return torch.linalg.qr(a)


def qr_positive(a):
    q, r = torch.linalg.qr(a)
    other = r.diagonal().sign()
    return q * other, other[:, None] * r


def qr_householder(a):
    packed, scalars = torch.geqrf(a)
    return torch.linalg.householder_product(packed, scalars), packed[: a.shape[1]].triu()


def qr_gram_schmidt(a):
    """Twice, which is enough for orthogonality."""
    q, r = torch.zeros_like(a), torch.zeros(a.shape[1], a.shape[1], dtype=a.dtype)
    for column in range(a.shape[1]):
        rest = a[:, column]
        for _ in range(2):
            part = q[:, :column].T @ rest
            r[:column, column] += part
            rest = rest - q[:, :column] @ part
        r[column, column] = rest.norm()
        q[:, column] = rest / rest.norm()
    return q, r


def qr_turned(a):
    """Right but for the triangle."""
    q, r = torch.linalg.qr(a)
    around = turn(a.shape[1], a)
    return q @ around, around.T @ r


def qr_stretched(a):
    q, r = torch.linalg.qr(a)
    return q * 2, r / 2


def lu(a):
    return torch.linalg.lu(a)


def lu_packed(a):
    return torch.lu_unpack(*torch.linalg.lu_factor(a))


def lu_of_scaled(a):
    """Pivots chosen relative to the rows."""
    scale = a.abs().max(1).values
    p, lower, upper = torch.linalg.lu(a / scale[:, None])
    moved = p.T @ scale
    return p, moved[:, None] * lower / moved, moved[:, None] * upper


def lu_last_row_first(a):
    """With a first pivot of its own choice; the rest is pivoted as ever."""
    order = torch.cat([a[:, 0].abs().argsort()[-2:-1], a[:, 0].abs().argsort()[:-2], a[:, 0].abs().argsort()[-1:]])
    moved = a[order]
    factor = moved[1:, 0] / moved[0, 0]
    p, lower, upper = torch.linalg.lu(moved[1:, 1:] - torch.outer(factor, moved[0, 1:]))
    size = len(a)
    left, right = torch.eye(size, dtype=a.dtype), torch.zeros_like(a)
    left[1:, 0], left[1:, 1:] = p.T @ factor, lower
    right[0], right[1:, 1:] = moved[0], upper
    rows = torch.eye(size, dtype=a.dtype)
    rows[1:, 1:] = p
    return torch.eye(size, dtype=a.dtype)[:, order] @ rows, left, right


def lu_not_permuted(a):
    _, lower, upper = torch.linalg.lu(a)
    return torch.eye(len(a), dtype=a.dtype), lower, upper


def lu_diagonal_in_left(a):
    p, lower, upper = torch.linalg.lu(a)
    return p, lower * upper.diagonal(), upper / upper.diagonal()[:, None]


def kernel(a):
    _, s, vh = torch.linalg.svd(a)
    return vh[int((s > CUT * s.max()).sum()) :].T


def kernel_by_eigh(a):
    values, vectors = torch.linalg.eigh(a.T @ a)
    return vectors[:, values < CUT * values.max()]


def kernel_turned(a):
    basis = kernel(a)
    return basis @ turn(basis.shape[1], a)


def kernel_by_projection(a):
    """Columns of the projector, made orthonormal."""
    projector = torch.eye(a.shape[1], dtype=a.dtype) - torch.linalg.pinv(a) @ a
    u, s, _ = torch.linalg.svd(projector)
    return u[:, s > 0.5]


def kernel_stretched(a):
    return kernel(a) * 1.001


def least_squares(a, b):
    return torch.linalg.lstsq(a, b[:, None], driver="gelsd").solution[:, 0]


def least_squares_pinv(a, b):
    return torch.linalg.pinv(a) @ b


def least_squares_svd(a, b):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    kept = s > CUT * s.max()
    return vh[kept].T @ ((u[:, kept].T @ b) / s[kept])


def least_squares_after_qr(a, b):
    """In the row space of A. `lstsq` with its default driver, gelsy, would not do: it misses the rank now and then."""
    q, r = torch.linalg.qr(a.T)
    return q @ (torch.linalg.pinv(r.T) @ b)


def least_squares_longer(a, b):
    """A solution, and not the shortest."""
    return least_squares(a, b) + 0.01 * kernel(a).sum(1)


def image(a):
    return torch.linalg.qr(a)[0]


def image_turned(a):
    return image(a) @ turn(a.shape[1], a)


def image_mixed(a):
    """No orthonormal basis, and none is asked for."""
    count = a.shape[1]
    return torch.linalg.svd(a)[0][:, :count] @ (torch.eye(count, dtype=a.dtype) + 0.5)


def image_itself(a):
    return a.clone()


def image_tilted(a):
    left, count = torch.linalg.svd(a)[0], a.shape[1]
    return left[:, :count] + 0.001 * left[:, count : count + 1]
