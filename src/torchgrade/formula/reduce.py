"""Sums, extremes and orders along axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cmp_to_key
from typing import TypeAlias

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.arithmetic import INTEGER_BITS, refuse_complex
from torchgrade.formula.exact import Array, Exact, Kind, array, objects
from torchgrade.formula.reading import Reading
from torchgrade.model.said import said

Dims: TypeAlias = "tuple[int, ...] | None"


def axis_of(x: Exact, dim: int) -> int:
    """The axis that `dim` names, counted from the front; raises FormulaError if there is none."""
    count = max(1, x.data.ndim)
    if not -count <= dim < count:
        message = said("there is no axis {dim}: this has shape {shape}", dim=dim, shape=str(list(x.shape)))
        raise FormulaError(message, code="formula-shape", hint=f"axes are {-count} to {count - 1}")
    return dim % count


def axes_of(x: Exact, dims: Dims) -> tuple[int, ...]:
    """The axes named, all of them without names."""
    if dims is None or x.data.ndim == 0:
        [axis_of(x, dim) for dim in dims or ()]
        return tuple(range(x.data.ndim))
    if not dims:
        raise FormulaError("this list names no axis", code="formula-arguments", hint="leave dim out to speak of all")
    axes = tuple(axis_of(x, dim) for dim in dims)
    if len(set(axes)) < len(axes):
        raise FormulaError("an axis is named twice", code="formula-arguments")
    return axes


def number_along(x: Exact, dims: Dims) -> int:
    """How many elements go into one of the reduction."""
    return math.prod(x.shape[axis] for axis in axes_of(x, dims))


def _counted(reading: Reading, x: Exact) -> Exact:
    """Bools as integers."""
    return Exact(Kind.INT, reading.field.lift(x, Kind.INT)) if x.kind is Kind.BOOL else x


def _refuse_endless(ufunc: np.ufunc, x: Exact) -> None:
    """Raises FormulaError for a product of integers that would have too many digits to be worked with."""
    if ufunc is not np.multiply or x.kind is not Kind.INT:
        return
    bits = sum(item.bit_length() for item in x.data.ravel().tolist() if isinstance(item, int) and abs(item) > 1)
    if bits > INTEGER_BITS:
        raise FormulaError(said("this product is too large"), code="formula-too-large")


def _accumulated(ufunc: np.ufunc, start: str) -> Callable[[Reading, Exact, Dims, bool], Exact]:
    def wrapped(reading: Reading, x: Exact, dims: Dims = None, keepdim: bool = False) -> Exact:
        x = _counted(reading, x)
        axes = axes_of(x, dims)
        _refuse_endless(ufunc, x)
        initial = int(start) if x.kind is not Kind.FLOAT else reading.field.number(start)
        data = ufunc.reduce(x.data, axis=axes, keepdims=keepdim, initial=initial)
        result = array(x.kind, data)
        return array(x.kind, reading.field.complex(result.data)) if x.kind is Kind.COMPLEX else result

    return wrapped


total = _accumulated(np.add, "0")
product = _accumulated(np.multiply, "1")


def floats(reading: Reading, x: Exact) -> Exact:
    """At least floating."""
    kind = max(x.kind, Kind.FLOAT)
    return Exact(kind, reading.field.lift(x, kind))


def mean(reading: Reading, x: Exact, dims: Dims = None, keepdim: bool = False) -> Exact:
    """NaN where there is nothing."""
    result = total(reading, floats(reading, x), dims, keepdim)
    count = reading.field.number(str(number_along(x, dims)))
    return array(result.kind, np.true_divide(result.data, count))


def variance(reading: Reading, x: Exact, dims: Dims, keepdim: bool, correction: int) -> Exact:
    """Mean square distance from the mean, divided by n - correction; NaN where that is 0."""
    refuse_complex("var", x)
    x = floats(reading, x)
    centred = x.data - mean(reading, x, dims, True).data
    squares = total(reading, array(x.kind, centred * centred), dims, keepdim)
    count = reading.field.number(str(max(0, number_along(x, dims) - correction)))
    return array(Kind.FLOAT, np.true_divide(squares.data, count))


def deviation(reading: Reading, x: Exact, dims: Dims, keepdim: bool, correction: int) -> Exact:
    """The root of the variance."""
    squares = variance(reading, x, dims, keepdim, correction)
    reading.note_gap(squares.data, squares.kind)
    return array(Kind.FLOAT, reading.field.unary["sqrt"](squares.data))


def extreme(name: str) -> Callable[[Reading, Exact, Dims, bool], Exact]:
    """`max` or `min`; NaN wins."""

    def wrapped(reading: Reading, x: Exact, dims: Dims = None, keepdim: bool = False) -> Exact:
        refuse_complex(name, x)
        axes = axes_of(x, dims)
        if number_along(x, dims) == 0:
            raise FormulaError(said("{name} of no elements", name=name), code="formula-domain")
        _note_ties(reading, x, axes, greatest=name == "max")
        pick = np.max if name == "max" else np.min
        data = np.asarray(pick(x.data, axis=axes, keepdims=keepdim))
        if x.kind in (Kind.INT, Kind.FLOAT):
            nan = np.asarray(reading.field.number("nan") if x.kind is Kind.FLOAT else Decimal("nan"))
            spoiled = np.any(np.asarray(x.data != x.data, dtype=bool), axis=axes, keepdims=keepdim)
            data = np.where(spoiled, nan, data)
        return array(x.kind, data.astype(bool) if x.kind is Kind.BOOL else data)

    return wrapped


def _note_ties(reading: Reading, x: Exact, axes: tuple[int, ...], greatest: bool) -> None:
    """The two greatest (or least) of each reduction lie this far apart."""
    if reading.gaps is None or x.kind is not Kind.FLOAT or x.data.size == 0:
        return
    rows = np.moveaxis(x.data, axes, range(-len(axes), 0)).reshape(-1, number_along(x, axes)) if axes else None
    if rows is not None and rows.shape[1] > 1:
        ordered = [sorted(row, reverse=greatest)[:2] for row in rows.tolist()]
        reading.note_gap(objects([first - second for first, second in ordered], (len(ordered),)), x.kind)


def every(reading: Reading, x: Exact, dims: Dims = None, keepdim: bool = False) -> Exact:
    """Whether all are true."""
    return array(Kind.BOOL, np.all(_truth(x), axis=axes_of(x, dims), keepdims=keepdim))


def some(reading: Reading, x: Exact, dims: Dims = None, keepdim: bool = False) -> Exact:
    """Whether any is true."""
    return array(Kind.BOOL, np.any(_truth(x), axis=axes_of(x, dims), keepdims=keepdim))


def _truth(x: Exact) -> Array:
    return x.data if x.kind is Kind.BOOL else np.asarray(x.data != 0, dtype=bool)


def log_sum_exp(reading: Reading, x: Exact, dims: Dims = None, keepdim: bool = False) -> Exact:
    """Shifted by the greatest element, so that nothing overflows."""
    x = floats(reading, x)
    field = reading.field
    shift = _shift(reading, x, dims)
    powers = field.unary["exp"](np.asarray(x.data - shift))
    logs = field.unary["log"](total(reading, array(x.kind, powers), dims, True).data)
    result = np.asarray(logs + shift)
    return array(x.kind, result if keepdim else np.squeeze(result, axes_of(x, dims)))


def _shift(reading: Reading, x: Exact, dims: Dims) -> Array:
    """The greatest element of each reduction, or 0 where that is none or infinite; not a kink."""
    refuse_complex("exp of sums", x)
    zero = reading.field.number("0")
    if number_along(x, dims) == 0:
        return total(reading, x, dims, True).data
    data = np.maximum.reduce(x.data, axis=axes_of(x, dims), keepdims=True)
    return np.where(np.asarray(data - data == 0, dtype=bool), data, zero)


def softmax(reading: Reading, x: Exact, dims: Dims) -> Exact:
    """Exponentials as shares of their sum."""
    x = floats(reading, x)
    powers = reading.field.unary["exp"](np.asarray(x.data - _shift(reading, x, dims)))
    sums = total(reading, array(x.kind, powers), dims, True).data
    return array(x.kind, np.true_divide(powers, sums) + _nan_if_infinite(sums))


def log_softmax(reading: Reading, x: Exact, dims: Dims) -> Exact:
    """Logarithms of the softmax, without its underflow."""
    x = floats(reading, x)
    sums = log_sum_exp(reading, x, dims, True).data
    return array(x.kind, x.data - sums + _nan_if_infinite(sums))


def _nan_if_infinite(sums: Array) -> Array:
    """Else 0: torch takes the greatest element off all, and infinity less infinity is NaN."""
    return np.asarray(sums - sums)


def _before(first: float, second: float) -> int:
    """-1, 0 or 1, with NaN behind everything."""
    if first != first or second != second:
        return int(first != first) - int(second != second)
    return int(first > second) - int(first < second)


def order(items: Sequence[float], descending: bool = False) -> list[int]:
    """The positions that sort, equal elements in their own order."""
    keys = list(map(cmp_to_key(_before), items))
    return sorted(range(len(items)), key=keys.__getitem__, reverse=descending)


def _along(x: Exact, dim: int, compute: Callable[[list[float]], Sequence[float]]) -> Array:
    """Each row along an axis through a function of lists."""
    axis = axis_of(x, dim)
    if x.data.ndim == 0:
        return objects(compute([x.data.item()]), ())
    rows = np.moveaxis(x.data, axis, -1)
    results = [list(compute(row)) for row in rows.reshape(-1, rows.shape[-1]).tolist()] if x.data.size else []
    flat = [item for row in results for item in row]
    return np.moveaxis(objects(flat, rows.shape), -1, axis)


def argsort(reading: Reading, x: Exact, dim: int, descending: bool) -> Exact:
    """The positions that sort; equal elements keep their order."""
    sort(reading, x, dim, descending)
    return array(Kind.INT, _along(x, dim, lambda row: order(row, descending)))


def sort(reading: Reading, x: Exact, dim: int, descending: bool) -> Exact:
    """The elements in order, NaN behind all others."""
    refuse_complex("sort", x)
    data = _along(x, dim, lambda row: [row[place] for place in order(row, descending)])
    if x.data.ndim and x.kind is Kind.FLOAT:
        reading.note_gap(np.asarray(np.diff(data, axis=axis_of(x, dim))), x.kind)
    return array(x.kind, data if x.kind is Kind.INT else data.astype(x.data.dtype))


def position(name: str) -> Callable[[Reading, Exact, Dims, bool], Exact]:
    """`argmax` or `argmin`: the first place, NaN before all others."""
    sign = 1 if name == "argmax" else -1

    def first(row: Sequence[float]) -> int:
        best = 0
        for place, item in enumerate(row):
            ahead = (
                _before(item, row[best]) if item != item or row[best] != row[best] else sign * _before(item, row[best])
            )
            best = place if ahead > 0 else best
        return best

    def wrapped(reading: Reading, x: Exact, dims: Dims = None, keepdim: bool = False) -> Exact:
        refuse_complex(name, x)
        axes = axes_of(x, dims)
        if number_along(x, dims) == 0:
            raise FormulaError(said("{name} of no elements", name=name), code="formula-domain")
        _note_ties(reading, x, axes, greatest=name == "argmax")
        rows = np.moveaxis(x.data, axes, range(-len(axes), 0)) if axes else x.data.reshape(1)
        kept = rows.shape[: rows.ndim - max(1, len(axes))]
        places = [first(row) for row in rows.reshape(-1, number_along(x, dims)).tolist()]
        result = objects(places, kept)
        return array(Kind.INT, np.expand_dims(result, axes) if keepdim else result)

    return wrapped


def accumulate(ufunc: np.ufunc) -> Callable[[Reading, Exact, int], Exact]:
    """`cumsum` or `cumprod`."""

    def wrapped(reading: Reading, x: Exact, dim: int) -> Exact:
        x = _counted(reading, x)
        axis = axis_of(x, dim)
        _refuse_endless(ufunc, x)
        return x if x.data.ndim == 0 else array(x.kind, ufunc.accumulate(x.data, axis=axis))

    return wrapped
