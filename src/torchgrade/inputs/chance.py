"""Seeded chance: the same words give the same numbers on every platform.

Only `integers` and `random` of numpy's generator are used, and no sum whose order a platform may choose.
"""

from __future__ import annotations

import math
from hashlib import sha256

import numpy as np

from torchgrade.numeric.arrays import Array

_STEPS = 12


def generator(*words: str) -> np.random.Generator:
    """The generator that belongs to some words, such as a seed, an exercise and a case."""
    digest = sha256("\0".join(words).encode()).digest()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(int.from_bytes(digest, "big"))))


def uniform(chance: np.random.Generator, low: float, high: float, shape: tuple[int, ...]) -> Array:
    """Numbers in low..high on a dyadic grid of thousands of steps, exact in float32 (-2..2: multiples of 2^-10)."""
    step = 2.0 ** (math.frexp(high - low)[1] - 1 - _STEPS) if high > low else 0.0
    if not step:
        return np.full(shape, low)
    ticks = chance.integers(math.ceil(low / step), math.floor(high / step) + 1, size=shape)
    return np.asarray(ticks * step, dtype=np.float32).astype(np.float64)


def order(chance: np.random.Generator, size: int) -> Array:
    """A random permutation of 0 … size - 1."""
    return np.argsort(chance.random(size), kind="stable")


def signs(chance: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Random -1 and 1."""
    return 1 - 2 * chance.integers(0, 2, size=shape)
