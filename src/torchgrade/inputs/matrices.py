"""Matrix families: what must hold of them is checked on the numbers as they are handed out, after rounding."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from torchgrade.inputs.chance import signs
from torchgrade.inputs.general import general
from torchgrade.inputs.wanted import Wanted
from torchgrade.numeric.arrays import Array

Chance: TypeAlias = np.random.Generator
WELL_CONDITIONED = 50.0
_TRIES = 100
_REFLECTIONS = 3


def require_matrix(wanted: Wanted) -> None:
    """At least two axes."""
    if len(wanted.shape) < 2:
        raise wanted.fault(f"the family {wanted.family} needs two axes; its shape is {list(wanted.shape)}")


def require_square(wanted: Wanted) -> None:
    """Two last axes of one size."""
    require_matrix(wanted)
    if wanted.shape[-1] != wanted.shape[-2]:
        hint = "give both axes one name: [n, n]"
        raise wanted.fault(f"the family {wanted.family} is square; its shape is {list(wanted.shape)}", hint)


def _each(wanted: Wanted, make: Callable[[int, int], Array]) -> Array:
    """One matrix for each index of the outer axes."""
    require_matrix(wanted)
    *outer, rows, columns = wanted.shape
    made = [make(rows, columns) for _ in range(math.prod(outer))]
    return np.array(made).reshape(wanted.shape) if made else np.zeros(wanted.shape)


def positive_definite(wanted: Wanted, chance: Chance) -> Array:
    """B Bᵀ + 1 with B in eighths, exact in float32; with a condition number Q diag Qᵀ. It has no use for a range."""
    require_square(wanted)
    if wanted.condition is not None:
        return _each(wanted, lambda size, _: _conditioned(wanted, chance, size, size, mirrored=True))
    return _each(wanted, lambda size, _: _gram(chance, size) + np.eye(size))


def _gram(chance: Chance, size: int) -> Array:
    eighths = chance.integers(-8, 9, size=(size, size))
    return np.asarray(eighths @ eighths.T / 64.0)


def orthogonal(wanted: Wanted, chance: Chance) -> Array:
    """Orthonormal columns (rows, if it is wide): reflections, right up to a rounding of each element."""
    return _each(wanted, lambda rows, columns: _reflected(chance, max(rows, columns))[:rows, :columns])


def _reflected(chance: Chance, size: int) -> Array:
    """A product of Householder reflections along vectors of small non-zero integers."""
    matrix = np.eye(size)
    for _ in range(_REFLECTIONS - int(chance.integers(0, 2)) if size else 0):
        along = chance.integers(1, 5, size=size) * signs(chance, (size,))
        # Rows are added one after another: the order, and so the rounding, is the same on every platform.
        projected = np.add.reduce(along[:, None] * matrix, axis=0)
        matrix = matrix - 2 * along[:, None] * projected / int((along * along).sum())
    return matrix


def invertible(wanted: Wanted, chance: Chance) -> Array:
    """Numbers of the range, condition number below 50; or with the one that is asked for, within a factor of 2."""
    require_square(wanted)
    if wanted.condition is not None:
        return _each(wanted, lambda size, _: _conditioned(wanted, chance, size, size))
    return _each(wanted, lambda size, _: _well_conditioned(wanted, chance, size))


def _well_conditioned(wanted: Wanted, chance: Chance, size: int) -> Array:
    for _ in range(_TRIES):
        numbers = general(wanted, chance, (size, size))
        if _condition(numbers) <= WELL_CONDITIONED:
            return numbers
    raise wanted.fault(
        f"no matrix with a condition number below {WELL_CONDITIONED:g} was met in its range", "widen its range"
    )


def _condition(matrix: Array) -> float:
    values = np.linalg.svd(matrix, compute_uv=False)
    if not values.size:
        return 1.0
    return float(values[0] / values[-1]) if values[-1] > 0 else math.inf


def _conditioned(wanted: Wanted, chance: Chance, rows: int, columns: int, mirrored: bool = False) -> Array:
    """U diag(s) Vᵀ with s from 2 down to 2 / condition in equal ratios."""
    count, condition = min(rows, columns), wanted.condition or 1.0
    if count < 2:
        return np.full((rows, columns), 2.0)
    values = np.array([2.0 * condition ** (-place / (count - 1)) for place in range(count)])
    for _ in range(_TRIES):
        left = _reflected(chance, rows)[:, :count]
        right = left if mirrored else _reflected(chance, columns)[:, :count]
        matrix = np.add.reduce(left.T[:, :, None] * values[:, None, None] * right.T[:, None, :], axis=0)
        if mirrored:  # Rounding differs above and below the diagonal.
            matrix = np.where(np.tri(rows) == 1, matrix, matrix.T)
        rounded = matrix.astype(np.float32) if wanted.dtype in ("float32", "complex64") else matrix
        if condition / 2 <= _condition(rounded.astype(np.float64)) <= condition * 2:
            return np.asarray(matrix)
    raise wanted.fault(f"no {wanted.dtype} matrix has a condition number of {condition:g}", "let its dtype be float64")


def low_rank(wanted: Wanted, chance: Chance) -> Array:
    """A product of two matrices of small integers, of exactly the rank asked for (one less than full, if none is)."""
    return _each(wanted, lambda rows, columns: _of_rank(wanted, chance, rows, columns))


def _of_rank(wanted: Wanted, chance: Chance, rows: int, columns: int) -> Array:
    full = min(rows, columns)
    rank = min(full, max(1, full - 1)) if wanted.rank is None else wanted.rank
    if not 0 <= rank <= full:
        raise wanted.fault(f"a matrix of shape {[rows, columns]} has no rank {rank}")
    for _ in range(_TRIES):
        left = chance.integers(-2, 3, size=(rows, rank))
        right = chance.integers(-2, 3, size=(rank, columns))
        product = left @ right
        if exact_rank(product) == rank:
            return np.asarray(product)
    raise wanted.fault(f"no matrix of rank {rank} was met")


def exact_rank(matrix: Array) -> int:
    """The rank of an integer matrix, by elimination in fractions."""
    rows = [[Fraction(int(number)) for number in row] for row in matrix]
    rank = 0
    for column in range(matrix.shape[1]):
        pivot = next((place for place in range(rank, len(rows)) if rows[place][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for place in range(rank + 1, len(rows)):
            share = rows[place][column] / rows[rank][column]
            rows[place] = [low - share * high for low, high in zip(rows[place], rows[rank], strict=True)]
        rank += 1
    return rank
