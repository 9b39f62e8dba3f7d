"""Products, and linear systems by elimination with pivoting; batched over the leading axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.arithmetic import BINARY, fits, together
from torchgrade.formula.exact import Array, Exact, Kind, array
from torchgrade.formula.reading import Reading, room
from torchgrade.formula.reduce import axis_of, floats, total
from torchgrade.model.said import said


def _misfit(message: str) -> FormulaError:
    return FormulaError(message, code="formula-shape")


def _shapes(left: Exact, right: Exact) -> dict[str, str]:
    return {"left": str(list(left.shape)), "right": str(list(right.shape))}


def matmul(reading: Reading, left: Exact, right: Exact) -> Exact:
    """torch.matmul; bools count as 0 and 1."""
    shapes = f"{list(left.shape)} @ {list(right.shape)}"
    if not (left.shape and right.shape):
        message = said("@ needs axes on both sides: {shapes}", shapes=shapes)
        raise FormulaError(message, code="formula-shape", hint="write * for a number")
    if left.shape[-1] != right.shape[-2 if right.data.ndim > 1 else 0]:
        sizes = {"left": left.shape[-1], "right": right.shape[-2:][0]}
        raise _misfit(said("{shapes}: the inner sizes {left} and {right} differ", shapes=shapes, **sizes))
    kind, (first, second) = together(reading, left, right, least=Kind.INT)
    reading.spend(room(first.shape) * (room(second.shape[-1:]) if second.ndim > 1 else 1))
    if not left.shape[-1]:
        outer = np.empty((*first.shape[:-1], 0)), np.empty((0, *second.shape[1:])) if second.ndim == 1 else second
        shape = np.matmul(np.zeros(first.shape), np.zeros(outer[1].shape)).shape
        return array(kind, np.broadcast_to(reading.field.lift(array(Kind.INT, 0), kind), shape))
    try:
        return array(kind, np.matmul(first, second))
    except ValueError:
        raise _misfit(said("{shapes}: the leading axes do not fit", shapes=shapes)) from None


def einsum(reading: Reading, equation: str, operands: Sequence[Exact]) -> Exact:
    """torch.einsum of an equation with ->."""
    if not operands:
        raise FormulaError("einsum needs tensors", code="formula-arguments")
    kind, parts = together(reading, *operands, least=Kind.INT)
    sizes = dict(
        zip("".join(equation.split("->")[0].split(",")), (n for part in parts for n in part.shape), strict=False)
    )
    reading.spend(room(sizes.values()))
    try:
        result = array(kind, np.einsum(equation, *parts))
    except ValueError as fault:
        shapes = ", ".join(str(list(part.shape)) for part in parts)
        told = {"equation": equation, "shapes": shapes, "why": str(fault)}
        raise _misfit(said("einsum '{equation}' does not fit shapes {shapes}: {why}", **told)) from None
    return Exact(kind, reading.field.real(result.data)) if kind is Kind.FLOAT else result


def outer(reading: Reading, left: Exact, right: Exact) -> Exact:
    """All products of two vectors."""
    if left.data.ndim != 1 or right.data.ndim != 1:
        raise _misfit(said("outer needs two vectors, not {left} and {right}", **_shapes(left, right)))
    return BINARY["*"](reading, Exact(left.kind, left.data[:, None]), right)


def kron(reading: Reading, left: Exact, right: Exact) -> Exact:
    """The Kronecker product."""
    kind, (first, second) = together(reading, left, right, least=Kind.INT)
    fits("kron", Exact(kind, first.reshape(-1, 1)), Exact(kind, second.reshape(1, -1)))
    return array(kind, np.kron(first, second))


def cross(reading: Reading, left: Exact, right: Exact, dim: int) -> Exact:
    """The vector product along an axis of 3."""
    axis = axis_of(left, dim)
    if left.shape != right.shape or not left.shape or left.shape[axis] != 3:
        raise _misfit(
            said("cross needs two of one shape with 3 along dim, not {left} and {right}", **_shapes(left, right))
        )
    kind, parts = together(reading, left, right, least=Kind.INT)
    (a, b, c), (x, y, z) = (np.moveaxis(part, axis, 0) for part in parts)
    return array(kind, np.stack([b * z - c * y, c * x - a * z, a * y - b * x], axis=axis))


def trace(reading: Reading, x: Exact) -> Exact:
    """The sum of a diagonal."""
    if x.data.ndim != 2:
        raise _misfit(said("{name} needs a matrix, not shape {shape}", name="trace", shape=str(list(x.shape))))
    return total(reading, array(x.kind, x.data.diagonal()), None, False)


def matrices(name: str, x: Exact, square: bool = False) -> None:
    """Raises FormulaError unless the last two axes are those of (square) matrices."""
    if x.data.ndim < 2 or (square and x.shape[-1] != x.shape[-2]):
        told = {"name": name, "shape": str(list(x.shape))}
        if square:
            raise _misfit(said("{name} needs a square matrix, not shape {shape}", **told))
        raise _misfit(said("{name} needs a matrix, not shape {shape}", **told))


def _eliminated(a: Array, b: Array) -> tuple[Array, Array]:
    """The pivots (signed so that their product is the determinant) and the solution of a x = b; none if singular."""
    size = len(a)
    work = np.concatenate([a, b], axis=1)
    pivots: list[object] = []
    for column in range(size):
        best = column + max(range(size - column), key=lambda row: abs(work[column + row, column]), default=0)
        if work[best, column] == 0 or work[best, column] != work[best, column]:
            return np.array([*pivots, work[best, column]], dtype=a.dtype), b[:0]
        pivots.append(work[best, column] if best == column else -work[best, column])
        if best != column:
            work[[column, best]] = work[[best, column]]
        row = work[column, column + 1 :] / work[column, column]
        work[column, column + 1 :] = row
        for other in range(size):
            if other != column:
                work[other, column + 1 :] = work[other, column + 1 :] - work[other, column] * row
    return np.array(pivots, dtype=a.dtype), work[:, size:]


def det(reading: Reading, x: Exact) -> Exact:
    """Determinants: the products of the pivots."""
    matrices("det", x, square=True)
    x = floats(reading, x)
    size = x.shape[-1]
    reading.spend(x.data.size * size)
    one = reading.field.lift(array(Kind.INT, 1), x.kind).item()
    empty = np.empty((size, 0), dtype=x.data.dtype)
    results = np.empty(math.prod(x.shape[:-2]), dtype=x.data.dtype)
    for place, matrix in enumerate(x.data.reshape(-1, size, size) if size else ()):
        results[place] = np.multiply.reduce(_eliminated(matrix, empty)[0])
    if not size:
        results[:] = one
    return array(x.kind, results.reshape(x.shape[:-2]))


def inv(reading: Reading, x: Exact) -> Exact:
    """Inverses; raises FormulaError where there is none."""
    matrices("inv", x, square=True)
    x = floats(reading, x)
    result = _solved(reading, x, identity(reading, x))
    note_system(reading, x, result, result)
    return result


def identity(reading: Reading, x: Exact) -> Exact:
    """As many identity matrices as there are matrices in x."""
    ones = reading.field.lift(array(Kind.INT, np.eye(x.shape[-1], dtype=int).astype(object)), x.kind)
    return array(x.kind, np.broadcast_to(ones, x.shape))


def solve(reading: Reading, a: Exact, b: Exact) -> Exact:
    """b is a vector only if it has one axis."""
    matrices("solve", a, square=True)
    kind, (first, second) = together(reading, a, b, least=Kind.FLOAT)
    right = second[:, None] if second.ndim == 1 else second
    if right.ndim < 2 or right.shape[-2] != first.shape[-1]:
        raise _misfit(said("solve: {left} does not fit a right side of shape {right}", **_shapes(a, b)))
    try:
        batch = np.broadcast_shapes(first.shape[:-2], right.shape[:-2])
    except ValueError:
        raise _misfit(said("solve: the leading axes of {left} and {right} do not fit", **_shapes(a, b))) from None
    left = array(kind, np.broadcast_to(first, (*batch, *first.shape[-2:])))
    result = _solved(reading, left, array(kind, np.broadcast_to(right, (*batch, *right.shape[-2:]))))
    if reading.systems is not None:
        note_system(reading, left, _solved(reading, left, identity(reading, left)), result)
    return array(kind, result.data[..., 0]) if second.ndim == 1 else result


def _solved(reading: Reading, a: Exact, b: Exact) -> Exact:
    """Matrix by matrix; a and b have one batch shape."""
    size, width = b.shape[-2:]
    reading.spend(math.prod(a.shape[:-2]) * size * size * (size + width))
    results = np.empty((math.prod(a.shape[:-2]), size, width), dtype=b.data.dtype)
    pairs = zip(a.data.reshape(-1, size, size), b.data.reshape(-1, size, width), strict=True) if size else ()
    for place, (matrix, right) in enumerate(pairs):
        solution = _eliminated(matrix, right)[1]
        if len(solution) < size:
            raise FormulaError(said("the matrix is singular"), code="formula-domain")
        results[place] = solution
    return array(a.kind, results.reshape(b.shape))


def norm_inf(x: Array) -> float:
    """The greatest row sum of absolute values of any matrix."""
    sums = np.add.reduce(np.absolute(x), axis=-1) if x.size else np.zeros(1)
    return float(np.max(np.asarray(sums)))


def note_system(reading: Reading, a: Exact, inverse: Exact, x: Exact) -> None:
    """Remember 4 n kappa and |x|: the error that a right algorithm may make (NUMERICS: at most 0.36 kappa eps)."""
    if reading.systems is None or not a.data.size or not x.data.size:
        return
    kappa = norm_inf(a.data) * norm_inf(inverse.data)
    size = float(np.max(np.absolute(x.data)))
    reading.systems.append((4 * max(a.shape[-2:]) * kappa, size))


def cholesky(reading: Reading, x: Exact) -> Exact:
    """Of the symmetric part, as torch differentiates it."""
    matrices("cholesky", x, square=True)
    if x.kind is Kind.COMPLEX:
        raise FormulaError(said("{name} is not computed for complex numbers", name="cholesky"), code="formula-kind")
    data = floats(reading, x).data
    half = reading.field.number("0.5")
    work = np.array((data + np.swapaxes(data, -1, -2)) * half)
    reading.spend(work.size * x.shape[-1])
    size = x.shape[-1]
    result = np.array(reading.field.lift(array(Kind.INT, np.zeros(x.shape, dtype=int).astype(object)), Kind.FLOAT))
    for each in np.ndindex(x.shape[:-2]):
        lower, rest = result[each], work[each]
        for column in range(size):
            pivot = rest[column, column]
            if not pivot > 0:
                raise FormulaError(said("the matrix is not positive definite"), code="formula-domain")
            root = reading.field.unary["sqrt"](np.asarray(pivot)).item()
            lower[column:, column] = rest[column:, column] / root
            rest[column:, column:] = rest[column:, column:] - np.outer(lower[column:, column], lower[column:, column])
    return array(Kind.FLOAT, result)
