"""Making, joining, cutting and moving arrays: nothing is computed, so both fields share all of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from torchgrade.errors import FormulaError
from torchgrade.formula.arithmetic import together
from torchgrade.formula.exact import Array, Exact, Kind, array, objects
from torchgrade.formula.reading import LARGEST, Reading, room
from torchgrade.formula.reduce import axes_of, axis_of
from torchgrade.model.said import joined, said


def _sized(shape: Sequence[int]) -> tuple[int, ...]:
    if any(size < 0 for size in shape):
        raise FormulaError(said("a size is negative: {shape}", shape=str(list(shape))), code="formula-shape")
    if room(shape) > LARGEST:
        message = said("{name} has more than {most:,} elements", name=str(list(shape)), most=LARGEST)
        raise FormulaError(message, code="formula-too-large")
    return tuple(shape)


def _misfit(message: str, hint: str = "") -> FormulaError:
    return FormulaError(message, code="formula-shape", hint=hint)


def zeros(reading: Reading, shape: tuple[int, ...]) -> Exact:
    """Floating zeros."""
    return full(reading, shape, array(Kind.FLOAT, reading.field.number("0")))


def ones(reading: Reading, shape: tuple[int, ...]) -> Exact:
    """Floating ones."""
    return full(reading, shape, array(Kind.FLOAT, reading.field.number("1")))


def full(reading: Reading, shape: tuple[int, ...], value: Exact) -> Exact:
    """One number everywhere."""
    if value.data.ndim:
        raise _misfit(said("full needs one number, not shape {shape}", shape=str(list(value.shape))))
    return array(value.kind, np.broadcast_to(value.data, _sized(shape)))


def eye(reading: Reading, n: int, m: int | None) -> Exact:
    """Floating ones on the diagonal."""
    data = zeros(reading, (n, n if m is None else m)).data.copy()
    np.fill_diagonal(data, reading.field.number("1"))
    return array(Kind.FLOAT, data)


def arange(reading: Reading, start: Exact, end: Exact, step: Exact) -> Exact:
    """Integers unless one of the three is not."""
    kind, (first, last, stride) = together(reading, start, end, step, least=Kind.INT)
    low, high, by = first.item(), last.item(), stride.item()
    if by == 0 or (high - low) * by < 0:
        raise FormulaError(said("arange: the step does not lead from start to end"), code="formula-arguments")
    steps = -((low - high) // by) if kind is Kind.INT else (high - low) / by
    if any(number - number != 0 for number in (low, high, by, steps)):
        raise FormulaError(said("arange needs finite numbers"), code="formula-domain")
    (count,) = _sized((math.ceil(steps),))
    items = [low + place * by for place in range(count)]
    return array(kind, objects(items, (count,)).astype(first.dtype))


def linspace(reading: Reading, start: Exact, end: Exact, steps: int) -> Exact:
    """Evenly spread numbers, both ends included."""
    _, (first, last) = together(reading, start, end, least=Kind.FLOAT)
    low, high = first.item(), last.item()
    shares = [reading.field.number(Fraction(place, max(1, steps - 1))) for place in range(_sized((steps,))[0])]
    return array(Kind.FLOAT, objects([low + (high - low) * share for share in shares], (steps,)).astype(first.dtype))


def one_hot(reading: Reading, x: Exact, classes: int) -> Exact:
    """A new last axis, 1 at the position that each integer names."""
    places = indices(x, "one_hot")
    if classes == -1:
        classes = int(places.max(initial=-1)) + 1
    if places.size and not 0 <= int(places.min()) <= int(places.max()) < classes:
        message = said("{what}: an integer is outside 0 to {last}", what="one_hot", last=classes - 1)
        raise FormulaError(message, code="formula-domain")
    _sized((*x.shape, classes))
    return array(Kind.INT, (places[..., None] == np.arange(classes)).astype(int).astype(object))


def indices(x: Exact, what: str) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Integers as numpy's own, to index with."""
    if x.kind is not Kind.INT:
        raise FormulaError(said("{what} needs integers, not {kind}", what=what, kind=x.kind.word), code="formula-kind")
    try:
        return x.data.astype(np.intp)
    except (ValueError, OverflowError):
        raise FormulaError(said("{what}: an integer is out of range", what=what), code="formula-domain") from None


def reshape(reading: Reading, x: Exact, shape: tuple[int, ...]) -> Exact:
    """The same elements row by row; one size may be -1."""
    known = math.prod(_sized([size for size in shape if size != -1]))
    count = x.data.size
    fits = shape.count(-1) <= 1 and min(shape, default=0) >= -1
    if not fits or (known and count % known if -1 in shape else known != count) or (-1 in shape and not known):
        told = {"count": count, "shape": str(list(x.shape)), "other": str(list(shape))}
        raise _misfit(said("{count} elements of shape {shape} do not fit into {other}", **told))
    return array(x.kind, x.data.reshape(shape))


def permute(reading: Reading, x: Exact, dims: tuple[int, ...]) -> Exact:
    """Axes in another order."""
    axes = axes_of(x, dims)
    if len(axes) != x.data.ndim:
        told = {"count": x.data.ndim, "dims": str(list(dims))}
        raise _misfit(said("permute needs each of the {count} axes once, not {dims}", **told))
    return array(x.kind, x.data.transpose(axes))


def transpose(reading: Reading, x: Exact, first: int, second: int) -> Exact:
    """Two axes exchanged."""
    if x.data.ndim == 0:
        return x
    return array(x.kind, np.swapaxes(x.data, axis_of(x, first), axis_of(x, second)))


def expand(reading: Reading, x: Exact, shape: tuple[int, ...]) -> Exact:
    """-1 keeps a size."""
    own = (1,) * (len(shape) - x.data.ndim) + x.shape
    wanted = tuple(old if new == -1 else new for old, new in zip(own, shape, strict=False))
    if len(own) != len(shape) or any(old not in (1, new) for old, new in zip(own, wanted, strict=True)):
        told = {"shape": str(list(x.shape)), "other": str(list(shape))}
        raise _misfit(said("shape {shape} does not expand to {other}", **told))
    return array(x.kind, np.broadcast_to(x.data, _sized(wanted)))


def stack(reading: Reading, items: Sequence[Exact], dim: int = 0) -> Exact:
    """Arrays of one shape along a new axis."""
    if not items:
        return Exact(Kind.FLOAT, reading.field.real(objects([], (0,))))
    shapes = sorted({item.shape for item in items})
    if len(shapes) > 1:
        told = {"first": str(list(shapes[0])), "second": str(list(shapes[1]))}
        raise _misfit(said("a stack needs one shape, not {first} and {second}", **told))
    kind, parts = together(reading, *items)
    return array(kind, np.stack(parts, axis=axis_of(Exact(kind, parts[0][None]), dim)))


def cat(reading: Reading, items: Sequence[Exact], dim: int = 0) -> Exact:
    """Arrays one behind the other along an axis."""
    if not items:
        raise _misfit("cat needs at least one tensor")
    kind, parts = together(reading, *items)
    axis = axis_of(items[0], dim)
    rests = sorted({(*part.shape[:axis], 0, *part.shape[axis + 1 :]) for part in parts})
    if len(rests) > 1 or not all(part.ndim for part in parts):
        shapes = joined("{first} and {last}", (str(list(item.shape)) for item in items[:2]))
        raise _misfit(said("cat: shapes {shapes} do not fit along axis {dim}", shapes=shapes, dim=dim))
    return array(kind, np.concatenate(parts, axis=axis))


def gather(reading: Reading, x: Exact, dim: int, index: Exact) -> Exact:
    """Along an axis, the elements that an index picks."""
    places, axis = indices(index, "gather"), axis_of(x, dim)
    if not x.data.ndim:
        raise _misfit(said("{what} needs an axis, and this is one number", what="gather"))
    others = [each for each in range(x.data.ndim) if each != axis]
    if places.ndim != x.data.ndim or any(places.shape[each] > x.shape[each] for each in others):
        told = {"shape": str(list(places.shape)), "other": str(list(x.shape))}
        raise _misfit(said("gather: an index of shape {shape} does not fit {other}", **told))
    if places.size and not 0 <= int(places.min()) <= int(places.max()) < x.shape[axis]:
        raise _misfit(said("gather: an index is outside 0 to {last}", last=x.shape[axis] - 1))
    cut = tuple(slice(None) if each == axis else slice(places.shape[each]) for each in range(x.data.ndim))
    return array(x.kind, np.take_along_axis(x.data[cut], places, axis))


def windows(reading: Reading, x: Exact, size: int, step: int, dim: int) -> Exact:
    """Windows along an axis, laid on a new last axis."""
    axis = axis_of(x, dim)
    if not x.data.ndim or not 0 < size <= x.shape[axis] or step < 1:
        told = {"size": size, "step": step, "dim": dim, "shape": str(list(x.shape))}
        raise _misfit(said("windows of {size} by {step} do not fit into axis {dim} of shape {shape}", **told))
    views = np.moveaxis(sliding_window_view(x.data, size, axis=axis), axis, 0)[::step]
    return array(x.kind, np.moveaxis(views, 0, axis))


def diag(reading: Reading, x: Exact, offset: int) -> Exact:
    """A matrix with a vector on its diagonal, or the diagonal of a matrix."""
    if x.data.ndim == 2:
        return diagonal(reading, x, offset, 0, 1)
    if x.data.ndim != 1:
        raise _misfit(said("diag needs a vector or a matrix, not shape {shape}", shape=str(list(x.shape))))
    size, _ = _sized([len(x.data) + abs(offset)] * 2)
    data = reading.field.lift(Exact(Kind.INT, objects([0] * size * size, (size, size))), max(Kind.INT, x.kind))
    data = data.astype(bool) if x.kind is Kind.BOOL else data
    places = np.arange(len(x.data))
    data[places + max(0, -offset), places + max(0, offset)] = x.data
    return array(x.kind, data)


def diagonal(reading: Reading, x: Exact, offset: int, first: int, second: int) -> Exact:
    """Diagonals of matrices in two axes, on a new last axis."""
    if x.data.ndim < 2 or axis_of(x, first) == axis_of(x, second):
        raise _misfit(said("{name} needs two axes, not shape {shape}", name="diagonal", shape=str(list(x.shape))))
    offset = max(-LARGEST, min(LARGEST, offset))  # numpy takes none that is much beyond any axis
    return array(x.kind, x.data.diagonal(offset, axis_of(x, first), axis_of(x, second)))


def triangle(reading: Reading, x: Exact, offset: int, lower: bool) -> Exact:
    """What lies below (or above) a diagonal; the rest is 0."""
    if x.data.ndim < 2:
        raise _misfit(said("a triangle needs two axes, not shape {shape}", shape=str(list(x.shape))))
    rows, columns = np.ogrid[: x.shape[-2], : x.shape[-1]]
    keeps = columns - rows <= offset if lower else columns - rows >= offset
    zero = reading.field.lift(array(Kind.INT, 0), x.kind).item() if x.kind > Kind.BOOL else False
    return array(x.kind, np.where(keeps, x.data, zero))


def flip(reading: Reading, x: Exact, dims: tuple[int, ...]) -> Exact:
    """Axes turned round."""
    return array(x.kind, np.flip(x.data, axes_of(x, dims))) if x.data.ndim and dims else x


def roll(reading: Reading, x: Exact, shifts: tuple[int, ...], dims: tuple[int, ...] | None) -> Exact:
    """Elements shifted round an axis; without dims in reading order."""
    if dims is None:
        if len(shifts) != 1:
            raise FormulaError("roll without dims takes one shift", code="formula-arguments")
        return array(x.kind, np.roll(x.data, shifts[0]))
    if len(shifts) != len(dims):
        raise FormulaError("roll needs as many shifts as dims", code="formula-arguments")
    if not x.data.ndim:
        raise _misfit(said("{what} needs an axis, and this is one number", what="roll"))
    data: Array = x.data
    for shift, dim in zip(shifts, dims, strict=True):
        data = np.roll(data, shift, axis_of(x, dim))
    return array(x.kind, data)


def shape(reading: Reading, x: Exact) -> Exact:
    """The sizes, as a vector of integers."""
    return array(Kind.INT, objects(x.shape, (len(x.shape),)))


def numel(reading: Reading, x: Exact) -> Exact:
    """How many elements there are."""
    return array(Kind.INT, x.data.size)
