"""Singular values and what rests on them: one-sided Jacobi rotations, which are exact to the last digits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import getcontext
from itertools import combinations

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.exact import Array, Exact, Kind, array
from torchgrade.formula.linear import matrices, note_system
from torchgrade.formula.reading import Reading
from torchgrade.formula.reduce import floats
from torchgrade.model.said import said

_SWEEPS = 60


def _orthogonalised(reading: Reading, matrix: Array) -> tuple[Array, Array]:
    """Columns turned until they are orthogonal, and the rotation V that turned them: W = A V.

    The lengths of the columns of W, in descending order, are the singular values.
    """
    field = reading.field
    columns = [np.array(column) for column in matrix.T]
    turned = [np.array(row) for row in field.lift(_identity(len(columns)), Kind.FLOAT)]
    tiny = field.number(f"1e-{getcontext().prec - 4}" if field.is_exact else "1e-15")
    floor = sum((column @ column for column in columns), field.number("0")) * tiny * tiny
    pairs = list(combinations(range(len(columns)), 2))
    for _ in range(_SWEEPS):
        turns = 0
        for first, second in pairs:
            angle = _angle(reading, columns[first], columns[second], (tiny * tiny, floor))
            if angle is not None:
                turns += 1
                _turn(columns, first, second, angle)
                _turn(turned, first, second, angle)
        if not turns:
            break
    return _descending(columns, turned, matrix)


def _angle(reading: Reading, u: Array, v: Array, limits: tuple[float, float]) -> tuple[float, float] | None:
    """Cosine and tangent of the rotation that makes two columns orthogonal; None if they are, or one is zero."""
    root = reading.field.unary["sqrt"]
    a, b, c = u @ u, v @ v, u @ v
    share, floor = limits
    if c * c <= share * a * b or a <= floor or b <= floor or c != c:
        return None
    ratio = (b - a) / (2 * c)
    size = root(np.asarray(1 + ratio * ratio)).item()
    tangent = 1 / (ratio + size if ratio > 0 else ratio - size)
    return 1 / root(np.asarray(1 + tangent * tangent)).item(), tangent


def _turn(vectors: list[Array], first: int, second: int, angle: tuple[float, float]) -> None:
    cosine, tangent = angle
    p, q = vectors[first], vectors[second]
    vectors[first], vectors[second] = cosine * (p - tangent * q), cosine * (q + tangent * p)


def _identity(size: int) -> Exact:
    return array(Kind.INT, np.eye(size, dtype=int).astype(object))


def _descending(columns: list[Array], turned: list[Array], matrix: Array) -> tuple[Array, Array]:
    order = sorted(range(len(columns)), key=lambda place: -(columns[place] @ columns[place]))
    rows, size = matrix.shape
    w = np.empty((rows, size), dtype=matrix.dtype)
    v = np.empty((size, size), dtype=matrix.dtype)
    for place, old in enumerate(order):
        w[:, place], v[:, place] = columns[old], turned[old]
    return w, v


def _each(
    name: str, x: Exact, compute: Callable[[Array], Array], width: Callable[[int, int], tuple[int, ...]]
) -> Exact:
    """A function of one matrix over all of them; `width` is the shape of its result."""
    matrices(name, x)
    rows, columns = x.shape[-2:]
    results = np.empty((*x.shape[:-2], *width(rows, columns)), dtype=x.data.dtype)
    for place in np.ndindex(x.shape[:-2]):
        if results[place].size:
            results[place] = compute(x.data[place])
    return array(Kind.FLOAT, results)


def _prepared(reading: Reading, name: str, x: Exact) -> Exact:
    matrices(name, x)
    if x.kind is Kind.COMPLEX:
        raise FormulaError(said("{name} is not computed for complex numbers", name=name), code="formula-kind")
    reading.spend(x.data.size * min(x.shape[-2:]) * 50)
    return floats(reading, x)


def _singular(reading: Reading, matrix: Array) -> tuple[Array, Array, Array]:
    """W, the singular values and V, so that A = W V^T; the shorter side is turned."""
    if matrix.shape[0] < matrix.shape[1]:
        v, values, w = _singular(reading, np.array(matrix.T))
        safe = np.where(np.asarray(values == 0, dtype=bool), reading.field.number("1"), values)
        return np.asarray(w * values), values, np.asarray(v / safe)
    w, v = _orthogonalised(reading, matrix)
    return w, reading.field.unary["sqrt"](np.asarray(np.add.reduce(w * w, axis=0))), v


def svdvals(reading: Reading, x: Exact) -> Exact:
    """Singular values, descending."""
    x = _prepared(reading, "svdvals", x)
    values = _each("svdvals", x, lambda a: _singular(reading, a)[1], lambda m, n: (min(m, n),))
    reading.note_gap(np.diff(values.data, axis=-1), Kind.FLOAT)
    reading.note_gap(values.data[..., -1:], Kind.FLOAT)
    return values


def eigvalsh(reading: Reading, x: Exact) -> Exact:
    """Ascending, of the symmetric part, as torch differentiates it: singular values of a positive shift."""
    matrices("eigvalsh", x, square=True)
    x = _prepared(reading, "eigvalsh", x)
    half = reading.field.number("0.5")

    def one(matrix: Array) -> Array:
        symmetric = (matrix + matrix.T) * half
        bound = np.max(np.asarray(np.add.reduce(np.absolute(symmetric), axis=1)))
        shift = reading.field.number("1") if bound == 0 or bound != bound else 2 * bound
        shifted = np.array(symmetric)
        for place in range(len(shifted)):
            shifted[place, place] = shifted[place, place] + shift
        return np.asarray(_singular(reading, shifted)[1][::-1] - shift)

    values = _each("eigvalsh", x, one, lambda m, n: (n,))
    reading.note_gap(np.diff(values.data, axis=-1), Kind.FLOAT)
    return values


def _rank(reading: Reading, values: Array) -> int:
    """How many singular values are not zero."""
    least = reading.field.number(reading.field.rank_tolerance)
    return sum(1 for value in values if value > values[0] * least)


def rank(reading: Reading, x: Exact) -> Exact:
    """How many singular values are not zero."""
    x = _prepared(reading, "rank", x)
    counts = np.empty(x.shape[:-2], dtype=object)
    for place in np.ndindex(x.shape[:-2]):
        counts[place] = _rank(reading, _singular(reading, x.data[place])[1]) if x.data[place].size else 0
    return array(Kind.INT, counts)


def pinv(reading: Reading, x: Exact) -> Exact:
    """Zero singular values are left out; there the inverse has a jump, and its derivative is the one along the rank."""
    x = _prepared(reading, "pinv", x)

    def one(matrix: Array) -> Array:
        w, values, v = _singular(reading, matrix)
        kept = _rank(reading, values)
        squares = values[:kept] * values[:kept]
        return np.asarray((v[:, :kept] / squares) @ w[:, :kept].T) if kept else np.asarray(matrix.T * 0)

    result = _each("pinv", x, one, lambda m, n: (n, m))
    note_system(reading, x, result, result)
    return result


def low_rank(reading: Reading, x: Exact, k: int) -> Exact:
    """The closest matrix of rank k."""
    x = _prepared(reading, "low_rank", x)
    if not 0 <= k <= min(x.shape[-2:]):
        message = said("low_rank: k is {k}, and the matrix has shape {shape}", k=k, shape=str(list(x.shape)))
        raise FormulaError(message, code="formula-arguments", hint=f"k is 0 to {min(x.shape[-2:])}")

    def one(matrix: Array) -> Array:
        w, values, v = _singular(reading, matrix)
        if 0 < k < len(values):
            reading.note_gap(np.asarray(values[k - 1] - values[k]), Kind.FLOAT)
        return np.asarray(w[:, :k] @ v[:, :k].T) if k else np.asarray(matrix * 0)

    return _each("low_rank", x, one, lambda m, n: (m, n))
