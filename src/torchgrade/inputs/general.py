"""Numbers of a range without any structure: what every other family starts from."""

from __future__ import annotations

import numpy as np

from torchgrade.inputs.chance import uniform
from torchgrade.inputs.wanted import Wanted
from torchgrade.numeric.arrays import Array


def general(wanted: Wanted, chance: np.random.Generator, shape: tuple[int, ...] | None = None) -> Array:
    """Numbers anywhere in the range, of the wanted shape or of another; exact in the wanted dtype."""
    size = wanted.shape if shape is None else shape
    match wanted.kind:
        case "bool":
            return np.asarray(chance.integers(0, 2, size=size) == 1)
        case "int":
            return _integers(wanted, chance, size)
        case "float":
            return uniform(chance, wanted.low, wanted.high, size, wanted.dtype)
        case "complex":
            real = uniform(chance, wanted.low, wanted.high, size, wanted.dtype)
            return np.asarray(real + 1j * uniform(chance, wanted.low, wanted.high, size, wanted.dtype))


def _integers(wanted: Wanted, chance: np.random.Generator, shape: tuple[int, ...]) -> Array:
    first, last = wanted.whole
    if first > last:
        raise wanted.fault(f"its range {wanted.low:g}..{wanted.high:g} holds no integer")
    return chance.integers(first, last + 1, size=shape)
