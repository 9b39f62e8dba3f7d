"""How far a right answer may be off: scale, condition and what linear systems amplify (NUMERICS, decision 1)."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.exact import Array, Exact, Kind, encode, objects
from torchgrade.formula.reading import Frame
from torchgrade.model.target import Target

TAU: Final = Decimal("1e-30")
"""The relative perturbation; far below the share at which a singular value counts as zero."""
SAMPLES: Final = 3
NOISE: Final = 1e-45
"""A derivative smaller than this is zero: central differences are right to about 1e-60, not exactly."""
_JUMP: Final = 1e16
"""A greater slope than this, relative to the numbers, is none that any dtype could follow."""
_SYSTEM_SHARE: Final = 16
"""A formula with a linear system has a term of its own for it, so that a part of its condition is enough."""


def magnitude(data: Array) -> float:
    """The greatest finite absolute value."""
    sizes = [float(item) for item in np.asarray(np.absolute(data)).ravel().tolist()]
    return max((size for size in sizes if math.isfinite(size)), default=0.0)


def conditions(
    function: Callable[[Frame], Sequence[Exact]],
    frame: Frame,
    values: Sequence[Exact],
    samples: int = SAMPLES,
    computed: Collection[str] = (),
) -> list[float]:
    """By value: the greatest change in it, over tau, when every floating variable is changed by up to tau of itself.

    Variables that a submission `computed` are changed once more, each element by up to tau of the greatest: a right
    answer is right norm-wise, and rounding may stand where a zero should be.

    Where it jumps there is no slope: beside a jump nothing can be told, so the condition is infinite; but a jump
    of that last kind is an exact comparison (`result == 0`), which allows for nothing.
    """
    found = [0.0] * len(values)
    size = max((magnitude(x.data) for x in frame.values.values() if x.is_inexact), default=0.0)
    near = [(_perturbed(frame, sample), math.inf) for sample in range(samples)]
    for changed_frame, at_jump in [*near, (_shifted(frame, computed), 0.0)] if computed else near:
        try:
            changed = function(changed_frame)
        except FormulaError:  # a decomposition that exists at this very point only
            continue
        slopes = [_slope(*pair, size) for pair in zip(values, changed, strict=True)]
        found = [max(old, at_jump if math.isinf(slope) else slope) for old, slope in zip(found, slopes, strict=True)]
    return found


def _slope(value: Exact, changed: Exact, size: float) -> float:
    """The change over tau; infinite for a jump, which is as great as the numbers themselves."""
    if not value.is_inexact or value.shape != changed.shape or value.kind is not changed.kind:
        return 0.0
    slope = magnitude(np.asarray((changed.data - value.data) / TAU))
    return math.inf if slope > _JUMP * max(size, magnitude(value.data)) else slope


def _perturbed(frame: Frame, sample: int) -> Frame:
    """Magnitudes vary between tau/2 and tau, so that equal terms of opposite sign never cancel."""
    stream = _stream(sample)
    values = dict(frame.values)
    for name, x in frame.values.items():
        if x.is_inexact:
            factors = [1 + TAU * next(stream) / 128 for _ in range(x.data.size)]
            values[name] = Exact(x.kind, np.asarray(x.data * objects(factors, x.shape), dtype=object))
    return Frame(reading=frame.reading, values=values)


def _shifted(frame: Frame, names: Collection[str]) -> Frame:
    """Every element of some variables moves by between tau/2 and tau of the greatest."""
    stream = _stream(SAMPLES)
    values = dict(frame.values)
    for name in names:
        x = values.get(name)
        if x is not None and x.is_inexact and x.data.size:
            greatest = Decimal(magnitude(x.data))
            steps = [greatest * TAU * next(stream) / 128 for _ in range(x.data.size)]
            values[name] = Exact(x.kind, np.asarray(x.data + objects(steps, x.shape), dtype=object))
    return Frame(reading=frame.reading, values=values)


def _stream(sample: int) -> Iterator[int]:
    """Integers of magnitude 64 to 127 and any sign, always the same."""
    block = 0
    while True:
        for byte in sha256(f"{sample}/{block}".encode()).digest():
            yield (64 + byte % 64) * (1 if byte & 64 else -1)
        block += 1


def target_of(
    value: Exact, condition: float, systems: Sequence[tuple[float, float]], order: int = 0, noise: float = 0.0
) -> Target:
    """An expected value with its bounds; bools and integers are exact, and what is nothing but `noise` is zero."""
    if value.kind <= Kind.INT:
        return Target(value=encode(value), scale=magnitude(value.data))
    scale = magnitude(value.data)
    if scale < noise and all(map(math.isfinite, map(abs, value.data.ravel().tolist()))):
        nothing = Exact(value.kind, np.asarray(value.data * 0 + 0, dtype=object))
        return Target(value=encode(nothing), scale=condition, condition=condition, error=noise)
    amplified = max((growth * max(scale, size) for growth, size in systems), default=0.0) * (order + 1)
    return Target(
        value=encode(value),
        scale=scale or condition,
        condition=condition / _SYSTEM_SHARE if systems else condition,
        amplified=amplified,
    )
