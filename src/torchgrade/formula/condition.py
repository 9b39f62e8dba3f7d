"""How far a right answer may be off: scale, condition and what linear systems amplify (NUMERICS, decision 1)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
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
_SYSTEM_SHARE: Final = 16
"""A formula with a linear system has a term of its own for it, so that a part of its condition is enough."""


def magnitude(data: Array) -> float:
    """The greatest finite absolute value."""
    sizes = [float(item) for item in np.asarray(np.absolute(data)).ravel().tolist()]
    return max((size for size in sizes if math.isfinite(size)), default=0.0)


def conditions(
    function: Callable[[Frame], Sequence[Exact]], frame: Frame, values: Sequence[Exact], samples: int = SAMPLES
) -> list[float]:
    """By value: the greatest change in it, over tau, when every floating variable is changed by up to tau of itself."""
    found = [0.0] * len(values)
    for sample in range(samples):
        try:
            changed = function(_perturbed(frame, sample))
        except FormulaError:  # a decomposition that exists at this very point only
            continue
        found = [max(old, _change(*pair)) for old, *pair in zip(found, values, changed, strict=True)]
    return found


def _change(value: Exact, changed: Exact) -> float:
    if not value.is_inexact or value.shape != changed.shape or value.kind is not changed.kind:
        return 0.0
    return magnitude(np.asarray((changed.data - value.data) / TAU))


def _perturbed(frame: Frame, sample: int) -> Frame:
    """Magnitudes vary between tau/2 and tau, so that equal terms of opposite sign never cancel."""
    stream = _stream(sample)
    values = dict(frame.values)
    for name, x in frame.values.items():
        if x.is_inexact:
            factors = [1 + TAU * next(stream) / 128 for _ in range(x.data.size)]
            values[name] = Exact(x.kind, np.asarray(x.data * objects(factors, x.shape), dtype=object))
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
