"""How a wrong array can go back to the right one: each function gives the readings of a Pair in which it fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import numpy as np

from torchgrade.grading.pairs import Pair
from torchgrade.model.said import said
from torchgrade.numeric.arrays import Array, magnitude


def _if(fits: bool) -> tuple[str, ...]:
    return ("",) if fits else ()


def zero(pair: Pair) -> tuple[str, ...]:
    """Fits where every value is 0."""
    return _if(pair.same_shape and not pair.observed.any())


def unchanged(pair: Pair) -> tuple[str, ...]:
    """The inputs that were returned as they are."""
    return tuple(name for name, array in pair.inputs().items() if pair.equals(array))


def negated(pair: Pair) -> tuple[str, ...]:
    """Fits where every sign is wrong."""
    return _if(pair.equals(-pair.expected))


def doubled_grad(pair: Pair) -> tuple[str, ...]:
    """Fits a `.grad` that is twice too great."""
    return _if(pair.outcome.endswith(".grad") and pair.equals(2 * pair.expected))


def _factors(pair: Pair) -> Iterator[tuple[str, Fraction]]:
    """Usual factors, by constants, sizes and numbers of elements."""
    for number in (2, 3, 4, 10):
        yield from ((str(number), Fraction(number)), (f"1/{number}", Fraction(1, number)))
        yield from ((f"-{number}", Fraction(-number)), (f"-1/{number}", Fraction(-1, number)))
    sizes = {name: size for name, size in pair.case.dims.items() if size > 1}
    sizes |= {f"numel({name})": array.size for name, array in pair.inputs().items() if array.size > 1}
    for name, size in sizes.items():
        yield from ((name, Fraction(size)), (f"1/{name}", Fraction(1, size)))
        yield from (
            (f"{name}/({name} - 1)", Fraction(size, size - 1)),
            (f"({name} - 1)/{name}", Fraction(size - 1, size)),
        )


def scaled(pair: Pair) -> tuple[str, ...]:
    """The usual factors by which all values are off."""
    return tuple(name for name, factor in _factors(pair) if pair.equals(float(factor) * pair.expected))


def shifted(pair: Pair) -> tuple[str, ...]:
    """What was added to every value."""
    if not pair.same_shape or not pair.observed.size:
        return ()
    gap = (pair.observed - pair.expected).flat[0]
    if not pair.equals(pair.expected + gap):
        return ()
    words = {1.0: said("1 too great"), -1.0: said("1 too small")}
    named = (word for number, word in words.items() if abs(gap - number) <= pair.tolerance)
    return (*named, *_if_many(pair, said("off by one and the same number")))


def _if_many(pair: Pair, reading: str) -> tuple[str, ...]:
    return (reading,) if pair.distinct() > 1 else ()


def transposed(pair: Pair) -> tuple[str, ...]:
    """Fits the transpose."""
    return _if(pair.expected.ndim > 1 and pair.equals(np.swapaxes(pair.expected, -1, -2)))


def flipped(pair: Pair) -> tuple[str, ...]:
    """The axes along which the right values stand in reverse."""
    axes = (axis for axis in range(pair.expected.ndim) if pair.equals(np.flip(pair.expected, axis)))
    return tuple(said("axis {axis}", axis=axis) for axis in axes)


def rolled(pair: Pair) -> tuple[str, ...]:
    """By how much, and along which axis, the right values are displaced."""
    axes = range(pair.expected.ndim)
    return tuple(
        said("{steps} along axis {axis}", steps=abs(step), axis=axis)
        for axis in axes
        for step in (1, -1)
        if pair.equals(np.roll(pair.expected, step, axis))
    )


def reordered(pair: Pair) -> tuple[str, ...]:
    """Fits the right values in another order."""
    if not pair.same_shape or pair.distinct() < 3 or np.iscomplexobj(pair.expected):
        return ()
    return _if(pair.alike(np.sort(pair.observed, axis=None), np.sort(pair.expected, axis=None)))


def conjugated(pair: Pair) -> tuple[str, ...]:
    """Fits the complex conjugate."""
    return _if(np.iscomplexobj(pair.expected) and pair.equals(np.conj(pair.expected)))


def _real_alike(pair: Pair) -> bool:
    return pair.same_shape and not np.iscomplexobj(pair.observed) and not np.iscomplexobj(pair.expected)


def applied(function: Callable[[Array], Array]) -> Callable[[Pair], tuple[str, ...]]:
    """Fits where the observed array is a function of the expected one."""

    def readings(pair: Pair) -> tuple[str, ...]:
        return _if(_real_alike(pair) and pair.equals(function(pair.expected)))

    return readings


def undone(function: Callable[[Array], Array]) -> Callable[[Pair], tuple[str, ...]]:
    """Fits where the expected array is a function of the observed one."""

    def readings(pair: Pair) -> tuple[str, ...]:
        return _if(_real_alike(pair) and pair.alike(function(pair.observed), pair.expected))

    return readings


def extra_axis(pair: Pair) -> tuple[str, ...]:
    """Whether axes of size 1 are missing or too many."""
    if pair.observed.ndim == pair.expected.ndim or not pair.alike(np.squeeze(pair.observed), np.squeeze(pair.expected)):
        return ()
    return (said("too many"),) if pair.observed.ndim > pair.expected.ndim else (said("too few"),)


def outer(pair: Pair) -> tuple[str, ...]:
    """Fits a matrix with the right vector on its diagonal."""
    is_square = pair.observed.ndim == 2 and pair.expected.ndim == 1
    return _if(is_square and pair.observed.shape[0] > 1 and pair.alike(np.diagonal(pair.observed), pair.expected))


def other_axis(pair: Pair) -> tuple[str, ...]:
    """A sum over another axis has the same total; what is normalised along another axis has sums of 1 there."""
    if not pair.same_shape:
        sizes = {1, *(size for array in pair.inputs().values() for size in array.shape)}
        is_reduced = pair.observed.ndim == pair.expected.ndim > 0 and sizes.issuperset(pair.observed.shape)
        return _if(is_reduced and pair.alike(np.asarray(np.sum(pair.observed)), np.asarray(np.sum(pair.expected))))
    right, found = _unit_axes(pair, pair.expected), _unit_axes(pair, pair.observed)
    return _if(bool(right) and bool(found) and not right & found)


def _unit_axes(pair: Pair, array: Array) -> frozenset[int]:
    sums = {axis: np.sum(array, axis=axis) for axis in range(array.ndim)}
    return frozenset(axis for axis, each in sums.items() if pair.alike(each, np.ones(each.shape)))


def _places(shape: tuple[int, ...]) -> Mapping[str, Array]:
    """Parts of an array that have a name, as masks."""
    place = np.indices(shape)
    if len(shape) == 1:
        return {said("first element"): place[0] == 0, said("last element"): place[0] == shape[0] - 1}
    row, column = place[-2], place[-1]
    return {
        said("first row"): row == 0,
        said("last row"): row == shape[-2] - 1,
        said("first column"): column == 0,
        said("last column"): column == shape[-1] - 1,
        said("diagonal"): row == column,
        said("part above the diagonal"): row < column,
        said("part below the diagonal"): row > column,
    }


def where(pair: Pair, *, wrong: bool) -> tuple[str, ...]:
    """The named parts that hold all wrong elements and mostly such, or are all that is right; there are both sorts."""
    if not pair.same_shape or not pair.expected.ndim:
        return ()
    gaps = np.abs(pair.observed - pair.expected) > pair.tolerance * max(magnitude(pair.expected), 1e-30)
    chosen = gaps if wrong else ~gaps
    if not chosen.any() or chosen.size - np.count_nonzero(chosen) < 2:
        return ()
    most = 0.5 if wrong else 0.0  # a wrong part may hold elements that are right by chance, a right one no wrong ones
    return tuple(
        name
        for name, mask in _places(gaps.shape).items()
        if not (chosen & ~mask).any() and np.count_nonzero(mask & ~chosen) <= most * np.count_nonzero(mask)
    )
