"""What drawn tensors look like, family by family: float64, int64, bool or complex128 arrays of modest numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from torchgrade.inputs import matrices
from torchgrade.inputs.chance import exact, order
from torchgrade.inputs.general import general
from torchgrade.inputs.wanted import Wanted
from torchgrade.model.exercise import Family
from torchgrade.numeric.arrays import Array

Chance: TypeAlias = np.random.Generator
_VALUES_OF_TIES = 3
_LEAST_GAP = 0.4
_WEIGHT = 64


def drawn(wanted: Wanted, chance: Chance) -> Array:
    """A tensor of the family; FormulaError if its shape, range or dtype leaves no room for one."""
    if wanted.kind in ("int", "float") and wanted.low > wanted.high:
        raise wanted.fault(f"its range {wanted.low:g}..{wanted.high:g} is empty")
    return FAMILIES[wanted.family](wanted, chance)


def distinct(wanted: Wanted, chance: Chance) -> Array:
    """All different: integers without repetition, else one number in each of as many slices of the range."""
    size = math.prod(wanted.shape)
    if wanted.kind == "int":
        first, last = wanted.whole
        if last - first + 1 < size:
            raise wanted.fault(f"{size} different integers are wanted of {first}..{last}", "widen its range")
        return np.asarray(first + order(chance, last - first + 1)[:size]).reshape(wanted.shape)
    width = (wanted.high - wanted.low) / max(size, 1)
    shift = width * (1 - _LEAST_GAP) * (chance.random(size) - 0.5)
    numbers = wanted.low + width * (np.arange(size) + 0.5) + shift
    return exact(numbers, wanted.dtype)[order(chance, size)].reshape(wanted.shape)


def ties(wanted: Wanted, chance: Chance) -> Array:
    """At most three different values, each as often as another, in any order."""
    size = math.prod(wanted.shape)
    room = wanted.whole[1] - wanted.whole[0] + 1 if wanted.kind == "int" else _VALUES_OF_TIES
    count = max(1, min(_VALUES_OF_TIES, size // 2, room))
    values = distinct(_flat(wanted, count), chance)
    return np.asarray(values[order(chance, size) % count]).reshape(wanted.shape)


def _flat(wanted: Wanted, size: int) -> Wanted:
    """The same for a vector of another size."""
    return Wanted(
        name=wanted.name, family=wanted.family, shape=(size,), dtype=wanted.dtype, low=wanted.low, high=wanted.high
    )


def ascending(wanted: Wanted, chance: Chance) -> Array:
    """Ascending along the last axis."""
    return np.sort(general(wanted, chance), axis=-1) if wanted.shape else general(wanted, chance)


def one_hot(wanted: Wanted, chance: Chance) -> Array:
    """One 1 in each row, else 0."""
    return _rows(wanted, lambda size: np.arange(size) == chance.integers(0, size) if size else np.zeros(0))


def probabilities(wanted: Wanted, chance: Chance) -> Array:
    """Positive numbers that sum to exactly 1 in each row: multiples of a power of two."""
    return _rows(wanted, lambda size: _shares(chance, size))


def _shares(chance: Chance, size: int) -> Array:
    if not size:
        return np.zeros(0)
    total = 2 ** max(10, size.bit_length() + 4)
    weights = chance.integers(1, _WEIGHT + 1, size=size)
    parts = 1 + weights * (total - size) // int(weights.sum())
    parts[int(chance.integers(0, size))] += total - int(parts.sum())
    return np.asarray(parts / total)


def permutation(wanted: Wanted, chance: Chance) -> Array:
    """0 … n - 1 in each row, in any order."""
    return _rows(wanted, lambda size: order(chance, size))


def mask(wanted: Wanted, chance: Chance) -> Array:
    """True and False, both of them if there is room."""
    size = math.prod(wanted.shape)
    flat = np.asarray(chance.integers(0, 2, size=size) == 1)
    if size >= 2 and flat.all() == flat.any():
        place = int(chance.integers(0, size))
        flat[place] = not flat[place]
    return flat.reshape(wanted.shape)


def _rows(wanted: Wanted, row: Callable[[int], Array]) -> Array:
    """The same row rule along the last axis of any shape."""
    if not wanted.shape:
        raise wanted.fault(f"the family {wanted.family} needs an axis")
    *outer, size = wanted.shape
    rows = [row(size) for _ in range(math.prod(outer))]
    return np.array(rows).reshape(wanted.shape) if rows else np.zeros(wanted.shape)


def symmetric(wanted: Wanted, chance: Chance) -> Array:
    """A general matrix mirrored at its diagonal."""
    matrices.require_square(wanted)
    numbers = general(wanted, chance)
    return np.where(np.tri(wanted.shape[-1], dtype=bool), numbers, np.swapaxes(numbers, -1, -2))


def diagonal(wanted: Wanted, chance: Chance) -> Array:
    """A general diagonal, zero elsewhere."""
    matrices.require_matrix(wanted)
    return np.where(_is_diagonal(wanted), general(wanted, chance), 0)


def _is_diagonal(wanted: Wanted) -> Array:
    rows, columns = wanted.shape[-2:]
    return np.asarray(np.eye(rows, columns) == 1)


def lower_triangular(wanted: Wanted, chance: Chance) -> Array:
    """Zero above the diagonal, which keeps away from zero where the range allows it."""
    matrices.require_matrix(wanted)
    return np.tril(_away_from_zero(wanted, general(wanted, chance)))


def upper_triangular(wanted: Wanted, chance: Chance) -> Array:
    """Zero below the diagonal, which keeps away from zero where the range allows it."""
    matrices.require_matrix(wanted)
    return np.triu(_away_from_zero(wanted, general(wanted, chance)))


def _away_from_zero(wanted: Wanted, numbers: Array) -> Array:
    """Diagonal entries below a quarter of the range are moved to between a half and the whole of it."""
    if wanted.kind not in ("int", "float"):
        return numbers
    bound = max(abs(wanted.low), abs(wanted.high))
    size = np.abs(numbers)
    moved = np.where(numbers < 0, -1, 1) * (
        math.ceil(bound / 2) + 2 * size if wanted.kind == "int" else bound / 2 + size
    )
    small = _is_diagonal(wanted) & (size < bound / 4)
    return np.where(small & (wanted.low <= moved) & (moved <= wanted.high), moved, numbers)


FAMILIES: Mapping[Family, Callable[[Wanted, Chance], Array]] = {
    Family.GENERAL: general,
    Family.DISTINCT: distinct,
    Family.TIES: ties,
    Family.SORTED: ascending,
    Family.ONE_HOT: one_hot,
    Family.PROBABILITIES: probabilities,
    Family.PERMUTATION: permutation,
    Family.MASK: mask,
    Family.SYMMETRIC: symmetric,
    Family.POSITIVE_DEFINITE: matrices.positive_definite,
    Family.ORTHOGONAL: matrices.orthogonal,
    Family.DIAGONAL: diagonal,
    Family.LOWER_TRIANGULAR: lower_triangular,
    Family.UPPER_TRIANGULAR: upper_triangular,
    Family.INVERTIBLE: matrices.invertible,
    Family.LOW_RANK: matrices.low_rank,
}
