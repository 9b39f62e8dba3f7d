"""Sizes of a case: dims and whole-number parameters, read off given tensors or drawn, all different where possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.inputs.chance import Turns
from torchgrade.inputs.formulas import integer_of, names_in
from torchgrade.model.exercise import Exercise, Formula, Range, Spec, Type
from torchgrade.model.value import Scalar, ScalarType, Tensor, Value
from torchgrade.numeric.structure import shape_text

Limits: TypeAlias = tuple[int, int]
DOTS = "..."
DIM_RANGE = Range(low=Formula("1"), high=Formula("5"))
INT_RANGE = Range(low=Formula("1"), high=Formula("6"))
_MOST_AXES = 3
_LONGEST_AXIS = 4
_PASSES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Sizes by name, and the axes that every '...' of the case stands for (None: not known yet)."""

    names: Mapping[str, int] = field(default_factory=dict)
    axes: tuple[int, ...] | None = None

    def text(self) -> str:
        """For messages: `n = 2, m = 3`."""
        return ", ".join(f"{name} = {size}" for name, size in self.names.items())


def ranges(exercise: Exercise, specs: Mapping[str, Spec], changes: Mapping[str, Range]) -> Mapping[str, Range]:
    """Where each dim and each whole-number parameter is drawn; names that only stand in a shape count as dims."""
    found: dict[str, Range] = {**exercise.dims, **changes}
    for name in implicit_dims(specs):
        found.setdefault(name, DIM_RANGE)
    for name, spec in specs.items():
        if spec.type is Type.INT:
            derived = None if spec.value is None else Range(low=spec.value, high=spec.value)
            found[name] = derived or spec.range or INT_RANGE
    return found


def implicit_dims(specs: Mapping[str, Spec]) -> tuple[str, ...]:
    """The names in shapes, ranges and ranks of parameters that are no parameters, in the order they are met."""
    texts = [text for spec in specs.values() for text in _texts(spec)]
    names = [name for text in texts for name in sorted(names_in(text))]
    return tuple(name for name in dict.fromkeys(names) if name not in specs)


def _texts(spec: Spec) -> Iterator[Formula]:
    yield from (size for size in spec.shape or () if size != DOTS)
    if spec.range is not None:
        yield from (spec.range.low, spec.range.high)
    if spec.rank is not None:
        yield spec.rank


def draw(
    found: Mapping[str, Range],
    known: Sizes,
    chance: np.random.Generator,
    limits: Limits | None = None,
    turns: Turns | None = None,
) -> Sizes:
    """Every size, those that are `known` kept; the others within `limits` too, where their ranges allow it.

    With `turns`, the cases of a group take turns at the values of each range, so that none is left out by chance.
    """
    best: dict[str, int] = {}
    for attempt in range(_PASSES):
        drawn = _pass(found, known.names, chance, limits, None if attempt else turns)
        if len(set(drawn.values())) > len(set(best.values())) or not best:
            best = drawn
        if len(set(best.values())) == len(best):
            break
    return Sizes(names=best, axes=_axes(chance, limits) if known.axes is None else known.axes)


def _axes(chance: np.random.Generator, limits: Limits | None) -> tuple[int, ...]:
    if limits is not None:
        return (limits[0],)
    count = int(chance.integers(0, _MOST_AXES + 1))
    return tuple(int(size) for size in chance.integers(1, _LONGEST_AXIS + 1, size=count))


def _pass(
    found: Mapping[str, Range],
    known: Mapping[str, int],
    chance: np.random.Generator,
    limits: Limits | None,
    turns: Turns | None,
) -> dict[str, int]:
    """One value for each size, bounds before what they bound, different from those before it where the range allows."""
    drawn = dict(known)
    waiting = [name for name in found if name not in known]
    while waiting:
        ready = [name for name in waiting if _bound_names(found[name]) <= drawn.keys()]
        if not ready:
            raise FormulaError(
                f"the ranges of {', '.join(waiting)} wait for each other or for an unknown name", code="draw-range"
            )
        low, high = _within(*bounds(ready[0], found[ready[0]], drawn), limits)
        used, turn = set(drawn.values()), low + turns.take(ready[0], high - low + 1) if turns else None
        drawn[ready[0]] = _choice(low, high, used, chance) if turn is None or turn in used else turn
        waiting.remove(ready[0])
    return drawn


def _bound_names(bound: Range) -> frozenset[str]:
    return names_in(bound.low) | names_in(bound.high)


def bounds(name: str, bound: Range, sizes: Mapping[str, int]) -> tuple[int, int]:
    """The two ends of a range of whole numbers; FormulaError if there is none between them."""
    low, high = integer_of(bound.low, sizes), integer_of(bound.high, sizes)
    if low > high:
        place = f" ({low}..{high} for {Sizes(names=sizes).text()})" if sizes else ""
        raise FormulaError(f"`{name}`: the range {bound.low}..{bound.high} is empty{place}", code="draw-range")
    return low, high


def _within(low: int, high: int, limits: Limits | None) -> tuple[int, int]:
    """The part of a range that is within the limits; its nearest end if there is none."""
    least, most = limits or (low, high)
    return min(max(low, least), high), max(min(high, most), low)


def _choice(low: int, high: int, used: set[int], chance: np.random.Generator) -> int:
    """One of low..high, other than those in use if there are others."""
    taken = sorted(size for size in used if low <= size <= high)
    if len(taken) == high - low + 1:
        return int(chance.integers(low, high + 1))
    value = int(chance.integers(low, high + 1 - len(taken)))
    for size in taken:
        value += value >= size
    return value


def shape_of(spec: Spec, sizes: Sizes) -> tuple[int, ...]:
    """The shape of a parameter in this case."""
    shape: list[int] = []
    for size in spec.shape or ():
        shape += sizes.axes or () if size == DOTS else (integer_of(size, sizes.names),)
    if min(shape, default=0) < 0:
        raise FormulaError(f"the shape {shape_text(tuple(shape))} has a negative size", code="draw-range")
    return tuple(shape)


def bind(specs: Mapping[str, Spec], given: Mapping[str, Value]) -> Sizes:
    """What given values say about sizes: numbers of int parameters, and dims where a tensor's shape names them."""
    names: dict[str, int] = {}
    axes: tuple[int, ...] | None = None
    for name, value in given.items():
        spec = specs[name]
        if isinstance(value, Scalar) and value.type is ScalarType.INT and isinstance(value.value, int):
            names[name] = value.value
        if isinstance(value, Tensor) and spec.shape is not None:
            middle = _dots(spec.shape, value.shape)
            axes = middle if axes is None else axes
            told = dict(reversed(list(_named(spec.shape, value.shape))))
            names = {size: length for size, length in told.items() if size.isidentifier() and size not in specs} | names
    return Sizes(names=names, axes=axes)


def _dots(pattern: tuple[Formula, ...], shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """What '...' stands for, if it is there."""
    if DOTS not in pattern:
        return None
    start = pattern.index(Formula(DOTS))
    return shape[start : len(shape) - (len(pattern) - start - 1)]


def _named(pattern: tuple[Formula, ...], shape: tuple[int, ...]) -> Iterator[tuple[Formula, int]]:
    """The sizes before and after '...' beside their lengths; nothing if the number of axes is wrong."""
    start = pattern.index(Formula(DOTS)) if DOTS in pattern else len(pattern)
    after = len(pattern) - start - 1
    if len(shape) < len(pattern) - 1 or (DOTS not in pattern and len(shape) != len(pattern)):
        return
    yield from zip(pattern[:start], shape, strict=False)
    if after > 0:
        yield from zip(pattern[-after:], shape[-after:], strict=True)


def verify(name: str, value: Value, spec: Spec, sizes: Sizes) -> None:
    """FormulaError if a given tensor has another shape than its Spec says."""
    if not isinstance(value, Tensor) or spec.shape is None:
        return
    expected = shape_of(spec, sizes)
    if value.shape != expected:
        declared = f"[{', '.join(spec.shape)}]"
        raise FormulaError(
            f"`{name}` has shape {shape_text(value.shape)}; its parameter says {declared}, which is "
            f"{shape_text(expected)} here",
            code="input-shape",
            hint="change one of them; a case that `raises` may have any shape",
        )
