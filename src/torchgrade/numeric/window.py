"""A mismatch cut to what can be looked at: a window around its worst element, and the error of all of it in blocks."""

from __future__ import annotations

import math

import numpy as np

from torchgrade.model.finding import Comparison, Grid
from torchgrade.numeric.arrays import Array, to_floats
from torchgrade.numeric.gaps import texts
from torchgrade.numeric.structure import number_text

SIDE = 12
"""So many rows and columns are shown with their numbers,"""
MOST_BLOCKS = 16
"""and so many blocks along each axis of what is larger."""
LONGEST = 24
"""A number's text; Python ints may have any number of digits."""


def window(observed: Array, expected: Array, comparison: Comparison) -> Grid:
    """The Grid of two arrays of one shape that differ; `comparison` is theirs."""
    index = comparison.index
    found, right = (_matrix(array, index) for array in (observed, expected))
    worst = (0, 0, *index)[-2:]
    error = _error(found, right, comparison.allowed)
    first = tuple(_start(place, size) for place, size in zip(worst, found.shape, strict=True))
    cut = tuple(slice(start, start + SIDE) for start in first)
    is_right = np.abs(error) <= (1.0 if comparison.allowed > 0 else 0.0)
    pairs = _pairs(found[cut], right[cut], is_right[cut])
    is_cut = max(found.shape) > SIDE
    block = tuple(math.ceil(size / MOST_BLOCKS) for size in found.shape) if is_cut else ()
    return Grid(
        shape=tuple(expected.shape),
        index=index,
        first=first,
        observed=tuple(" ".join(pair[0] for pair in row) for row in pairs),
        expected=tuple(" ".join(pair[1] for pair in row) for row in pairs),
        error=_rows(error[cut]),
        allowed=comparison.allowed,
        blocks=_rows(_pooled(error, block)) if is_cut else (),
        block=block,
    )


def _matrix(array: Array, index: tuple[int, ...]) -> Array:
    """The last two axes at this index on all others."""
    part = np.asarray(array[index[:-2]], dtype=array.dtype)  # the only element of an array of objects is none
    return np.reshape(part, ((1,) * (2 - part.ndim)) + part.shape)


def _start(place: int, size: int) -> int:
    """Where a window begins that has this place as near its middle as it can."""
    return max(0, min(place - SIDE // 2, size - SIDE))


def _error(observed: Array, expected: Array, allowed: float) -> Array:
    """Observed less expected in units of what is allowed; 0 where both are the same, NaN where only one is a number."""
    found, right = to_floats(observed), to_floats(expected)
    is_same = np.asarray((observed == expected) | (np.isnan(found) & np.isnan(right)), dtype=bool)
    with np.errstate(over="ignore", invalid="ignore"):
        difference = found - right
        size = np.abs(difference) if np.iscomplexobj(difference) else difference
        error = np.where(size == 0, 1.0, size) / (allowed or 1.0)  # ints too great for a float differ, too
    return np.where(is_same, 0.0, error)


def _pairs(found: Array, right: Array, is_right: Array) -> list[list[tuple[str, str]]]:
    """Both elements of every place as texts without spaces; one text where nothing is wrong."""
    rows = zip(found.tolist(), right.tolist(), is_right.tolist(), strict=True)
    return [[_pair(*place) for place in zip(*row, strict=True)] for row in rows]


def _pair(observed: complex, expected: complex, is_right: bool) -> tuple[str, str]:
    if not is_right:
        found, right = texts(observed, expected)
        return _cut(found), _cut(right)
    text = _cut(number_text(expected) if isinstance(expected, int) else f"{expected:.5g}")
    return text, text


def _cut(text: str) -> str:
    bare = text.replace(" ", "")
    return bare if len(bare) <= LONGEST else f"{bare[: LONGEST - 1]}…"


def _rows(array: Array) -> tuple[str, ...]:
    return tuple(" ".join(f"{number:.5g}" for number in row) for row in array.tolist())


def _pooled(error: Array, block: tuple[int, ...]) -> Array:
    """Of each block the error that is greatest in size; NaN is greater than any."""
    rows, columns = (math.ceil(size / step) for size, step in zip(error.shape, block, strict=True))
    padded = np.zeros((rows * block[0], columns * block[1]))
    padded[: error.shape[0], : error.shape[1]] = error
    blocks = padded.reshape(rows, block[0], columns, block[1]).swapaxes(1, 2).reshape(rows, columns, -1)
    worst = np.argmax(np.where(np.isnan(blocks), np.inf, np.abs(blocks)), axis=2)
    return np.take_along_axis(blocks, worst[..., None], axis=2)[..., 0]
