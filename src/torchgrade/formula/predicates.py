"""What a matrix or vector may be: bools that allow for rounding (`reading.eps`) where numbers are floating."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.arithmetic import refuse_complex
from torchgrade.formula.exact import Array, Exact, Kind, array
from torchgrade.formula.linear import matrices
from torchgrade.formula.reading import Reading
from torchgrade.model.said import said

_ROUNDING = 50
"""How many n eps a right answer may be off (NUMERICS, decision 2)."""


def _within(reading: Reading, x: Exact, rest: Array, scale: float | None = None) -> Exact:
    """Whether a rest that should be zero is: at most 50 n eps times the scale."""
    if scale is None:
        finite = [abs(float(item)) for item in np.absolute(x.data).ravel().tolist()] or [0.0]
        scale = max(finite)
    allowed = _ROUNDING * max(x.shape[-2:]) * reading.eps * scale if x.is_inexact else 0.0
    sizes = [float(item) for item in np.absolute(rest).ravel().tolist()]
    return array(Kind.BOOL, all(size <= allowed for size in sizes))


def _off(x: Exact, below: bool) -> Array:
    rows, columns = np.ogrid[: x.shape[-2], : x.shape[-1]]
    chosen: Array = x.data[..., rows > columns if below else rows < columns]
    return chosen


def upper_triangular(reading: Reading, x: Exact) -> Exact:
    """Whether nothing lies below the diagonal."""
    matrices("upper_triangular", x)
    return _within(reading, x, _off(x, below=True))


def lower_triangular(reading: Reading, x: Exact) -> Exact:
    """Whether nothing lies above the diagonal."""
    matrices("lower_triangular", x)
    return _within(reading, x, _off(x, below=False))


def symmetric(reading: Reading, x: Exact) -> Exact:
    """Whether a matrix is its own transpose."""
    matrices("symmetric", x, square=True)
    data = x.data.astype(object) if x.kind is Kind.BOOL else x.data
    return _within(reading, x, np.asarray(data - np.swapaxes(data, -1, -2)))


def orthonormal(reading: Reading, x: Exact) -> Exact:
    """Whether the columns have length 1 and are orthogonal."""
    matrices("orthonormal", x)
    data = x.data.astype(object) if x.kind is Kind.BOOL else x.data
    if not x.shape[-1] or not x.shape[-2]:
        return array(Kind.BOOL, not x.shape[-1])
    gram = np.matmul(
        np.conjugate(np.swapaxes(data, -1, -2)) if x.kind is Kind.COMPLEX else np.swapaxes(data, -1, -2), data
    )
    rest = np.asarray(gram - np.eye(x.shape[-1], dtype=int).astype(object))
    return _within(reading, x, rest, scale=1.0)


def permutation(reading: Reading, x: Exact) -> Exact:
    """Whether it holds 0 to n - 1, each once."""
    if x.kind is not Kind.INT or x.data.ndim != 1:
        told = {"kind": x.kind.word, "shape": str(list(x.shape))}
        message = said("permutation needs a vector of integers, not {kind} of shape {shape}", **told)
        raise FormulaError(message, code="formula-kind")
    return array(Kind.BOOL, sorted(x.data.tolist()) == list(range(len(x.data))))


def ascending(reading: Reading, x: Exact) -> Exact:
    """Whether no element of a vector is less than the one before it; NaN never ascends."""
    if x.data.ndim != 1:
        message = said("{name} needs a vector, not shape {shape}", name="sorted", shape=str(list(x.shape)))
        raise FormulaError(message, code="formula-shape")
    refuse_complex("sorted", x)
    items = x.data.tolist()
    return array(Kind.BOOL, all(first <= second for first, second in pairwise(items)))
