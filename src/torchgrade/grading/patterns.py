"""Patterns: usual ways in which a wrong array goes back to the right one, each a name, a sentence and what to try.

A pattern's `readings` of a pair are all the ways in which it fits ("2", "n" for a factor); none means that it does
not. The table is in order: the first pattern that fits every failing case in the same reading is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from torchgrade.grading.pairs import Pair
from torchgrade.numeric.arrays import Array, magnitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`sentence` may hold one {}: the reading."""

    name: str
    sentence: str
    help: str
    readings: Callable[[Pair], tuple[str, ...]]


def _if(fits: bool) -> tuple[str, ...]:
    return ("",) if fits else ()


def _zero(pair: Pair) -> tuple[str, ...]:
    return _if(pair.same_shape and not pair.observed.any())


def _unchanged(pair: Pair) -> tuple[str, ...]:
    return tuple(name for name, array in pair.inputs().items() if pair.equals(array))


def _negated(pair: Pair) -> tuple[str, ...]:
    return _if(pair.equals(-pair.expected))


def _doubled_grad(pair: Pair) -> tuple[str, ...]:
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


def _scaled(pair: Pair) -> tuple[str, ...]:
    return tuple(name for name, factor in _factors(pair) if pair.equals(float(factor) * pair.expected))


def _shifted(pair: Pair) -> tuple[str, ...]:
    if not pair.same_shape or not pair.observed.size:
        return ()
    gap = (pair.observed - pair.expected).flat[0]
    if not pair.equals(pair.expected + gap):
        return ()
    words = {1.0: "1 too great", -1.0: "1 too small"}
    named = (word for number, word in words.items() if abs(gap - number) <= pair.tolerance)
    return (*named, *_if_many(pair, "off by one and the same number"))


def _if_many(pair: Pair, reading: str) -> tuple[str, ...]:
    return (reading,) if pair.distinct() > 1 else ()


def _transposed(pair: Pair) -> tuple[str, ...]:
    return _if(pair.expected.ndim > 1 and pair.equals(np.swapaxes(pair.expected, -1, -2)))


def _flipped(pair: Pair) -> tuple[str, ...]:
    return tuple(f"axis {axis}" for axis in range(pair.expected.ndim) if pair.equals(np.flip(pair.expected, axis)))


def _rolled(pair: Pair) -> tuple[str, ...]:
    axes = range(pair.expected.ndim)
    return tuple(
        f"{abs(step)} along axis {axis}"
        for axis in axes
        for step in (1, -1)
        if pair.equals(np.roll(pair.expected, step, axis))
    )


def _reordered(pair: Pair) -> tuple[str, ...]:
    if not pair.same_shape or pair.distinct() < 3 or np.iscomplexobj(pair.expected):
        return ()
    return _if(pair.alike(np.sort(pair.observed, axis=None), np.sort(pair.expected, axis=None)))


def _applied(function: Callable[[Array], Array]) -> Callable[[Pair], tuple[str, ...]]:
    """Fits where the observed array is a function of the expected one."""

    def readings(pair: Pair) -> tuple[str, ...]:
        with np.errstate(all="ignore"):
            return _if(pair.same_shape and pair.equals(function(pair.expected)))

    return readings


def _undone(function: Callable[[Array], Array]) -> Callable[[Pair], tuple[str, ...]]:
    """Fits where the expected array is a function of the observed one."""

    def readings(pair: Pair) -> tuple[str, ...]:
        with np.errstate(all="ignore"):
            return _if(pair.same_shape and pair.alike(function(pair.observed), pair.expected))

    return readings


def _extra_axis(pair: Pair) -> tuple[str, ...]:
    if pair.observed.ndim == pair.expected.ndim or not pair.alike(np.squeeze(pair.observed), np.squeeze(pair.expected)):
        return ()
    return ("too many",) if pair.observed.ndim > pair.expected.ndim else ("too few",)


def _outer(pair: Pair) -> tuple[str, ...]:
    is_square = pair.observed.ndim == 2 and pair.expected.ndim == 1
    return _if(is_square and pair.observed.shape[0] > 1 and pair.alike(np.diagonal(pair.observed), pair.expected))


def _other_axis(pair: Pair) -> tuple[str, ...]:
    """A sum over another axis has the same total; what is normalised along another axis has sums of 1 there."""
    if not pair.same_shape:
        totals = np.sum(pair.observed), np.sum(pair.expected)
        return _if(pair.observed.ndim == pair.expected.ndim > 0 and pair.alike(*map(np.asarray, totals)))
    right, found = _unit_axes(pair, pair.expected), _unit_axes(pair, pair.observed)
    return _if(bool(right) and bool(found) and not right & found)


def _unit_axes(pair: Pair, array: Array) -> frozenset[int]:
    sums = {axis: np.sum(array, axis=axis) for axis in range(array.ndim)}
    return frozenset(axis for axis, each in sums.items() if pair.alike(each, np.ones(each.shape)))


def _places(shape: tuple[int, ...]) -> Mapping[str, Array]:
    """Parts of an array that have a name, as masks."""
    place = np.indices(shape)
    if len(shape) == 1:
        return {"first element": place[0] == 0, "last element": place[0] == shape[0] - 1}
    row, column = place[-2], place[-1]
    return {
        "first row": row == 0,
        "last row": row == shape[-2] - 1,
        "first column": column == 0,
        "last column": column == shape[-1] - 1,
        "diagonal": row == column,
        "part above the diagonal": row < column,
        "part below the diagonal": row > column,
    }


def _where(pair: Pair, *, wrong: bool) -> tuple[str, ...]:
    """The named parts that hold all wrong elements (or all right ones), with both sorts on either side."""
    if not pair.same_shape or not pair.expected.ndim:
        return ()
    gaps = np.abs(pair.observed - pair.expected) > pair.tolerance * max(magnitude(pair.expected), 1e-30)
    chosen = gaps if wrong else ~gaps
    if not chosen.any() or chosen.size - np.count_nonzero(chosen) < 2:
        return ()
    return tuple(name for name, mask in _places(gaps.shape).items() if not (chosen & ~mask).any())


_ROOT = _undone(np.square)
PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="zero",
        sentence="Every value is 0.",
        help="Was the result ever written into, or is it still what it was made as?",
        readings=_zero,
    ),
    Pattern(
        name="unchanged",
        sentence="This is `{}`, unchanged.",
        help="Many functions return a new tensor and leave the old one: use what they return.",
        readings=_unchanged,
    ),
    Pattern(
        name="accumulated",
        sentence="The gradient is counted twice.",
        help="`.grad` adds up over calls of backward: clear it first, or call backward once.",
        readings=_doubled_grad,
    ),
    Pattern(
        name="sign",
        sentence="Every sign is the opposite of what it should be.",
        help="Look for a minus that is missing or too many, or a difference taken the other way round.",
        readings=_negated,
    ),
    Pattern(
        name="transposed",
        sentence="This is the transpose of the right result.",
        help="Look for a missing or extra `.T`, or for factors in the wrong order.",
        readings=_transposed,
    ),
    Pattern(
        name="factor",
        sentence="Every value is {} times what it should be.",
        help="Look for a sum where a mean is asked for (or the reverse), and for a constant forgotten or used twice.",
        readings=_scaled,
    ),
    Pattern(
        name="absolute",
        sentence="These are the absolute values of the right ones.",
        help="Look for an `abs`, a square with a root, or a norm that loses the sign.",
        readings=_applied(np.abs),
    ),
    Pattern(
        name="squared",
        sentence="Every value is the square of what it should be.",
        help="A root is missing, or something is squared once too often.",
        readings=_applied(np.square),
    ),
    Pattern(
        name="root",
        sentence="Every value is the square root of what it should be.",
        help="A square is missing, or a root is taken too many.",
        readings=lambda pair: _ROOT(pair) if (pair.observed.real >= 0).all() else (),
    ),
    Pattern(
        name="reciprocal",
        sentence="Every value is 1 divided by what it should be.",
        help="A division is the wrong way round.",
        readings=_applied(np.reciprocal),
    ),
    Pattern(
        name="exponential",
        sentence="Every value is exp of what it should be.",
        help="A logarithm is missing at the end.",
        readings=_applied(np.exp),
    ),
    Pattern(
        name="logarithm",
        sentence="Every value is the logarithm of what it should be.",
        help="An exp is missing at the end.",
        readings=_undone(np.exp),
    ),
    Pattern(
        name="truncated",
        sentence="Every value has lost what stands behind the point.",
        help="Look for an integer dtype on the way, and for `//` where `/` is meant.",
        readings=_applied(np.trunc),
    ),
    Pattern(
        name="conjugate",
        sentence="Every value is the complex conjugate of what it should be.",
        help="`.mH` conjugates and `.mT` does not; look for a `conj` missing or too many.",
        readings=_applied(np.conj),
    ),
    Pattern(
        name="shifted",
        sentence="Every value is {}.",
        help="Something constant is added or left out: look at where counting starts, and at a bias.",
        readings=_shifted,
    ),
    Pattern(
        name="flipped",
        sentence="The right values stand in reverse along {}.",
        help="Ascending and descending are mixed up, or a flip is missing or too many.",
        readings=_flipped,
    ),
    Pattern(
        name="rolled",
        sentence="The right values stand {} further on than they should.",
        help="Look at where a slice or a shift begins.",
        readings=_rolled,
    ),
    Pattern(
        name="reordered",
        sentence="These are the right values in another order.",
        help="Look at how indices are used, at what is sorted, and at `reshape` where a transpose is meant.",
        readings=_reordered,
    ),
    Pattern(
        name="axes",
        sentence="The values are right, but there are {} axes.",
        help="`keepdim`, `squeeze`, `unsqueeze` and indexing with a number change how many axes there are.",
        readings=_extra_axis,
    ),
    Pattern(
        name="broadcast",
        sentence="The right values stand on the diagonal of a matrix.",
        help="A column was broadcast against a row: print both shapes; one axis of size 1 is too many.",
        readings=_outer,
    ),
    Pattern(
        name="other-axis",
        sentence="This works along another axis than it should.",
        help="Look at every `dim`: `dim=0` runs down the rows, `dim=1` along the columns.",
        readings=_other_axis,
    ),
    Pattern(
        name="only-wrong",
        sentence="Only the {} is wrong.",
        help="Look at where a slice or a loop begins and ends, and at what is special there.",
        readings=lambda pair: _where(pair, wrong=True),
    ),
    Pattern(
        name="only-right",
        sentence="Only the {} is right.",
        help="Something is done once that should be done for every row, column or element.",
        readings=lambda pair: _where(pair, wrong=False),
    ),
)
