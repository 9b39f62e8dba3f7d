"""Seeded chance: the same words give the same numbers on every platform.

Only `integers` and `random` of numpy's generator are used, and no sum whose order a platform may choose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from torchgrade.numeric.arrays import Array

_STEPS = {"float64": 28, "complex128": 28}
_STEPS_IN_SINGLE = 14


def generator(*words: str) -> np.random.Generator:
    """The generator that belongs to some words, such as a seed, an exercise and a case."""
    digest = sha256("\0".join(words).encode()).digest()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(int.from_bytes(digest, "big"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Where one of several cases stands among them: `ordinal` counts from 1, `words` belong to all of them."""

    words: tuple[str, ...]
    ordinal: int

    def take(self, name: str, count: int) -> int:
        """One of 0 … count - 1 in a random order; of `count` cases in a row each takes another one."""
        cycle, place = divmod(self.ordinal - 1, count)
        return int(order(generator(*self.words, name, str(cycle)), count)[place])


def uniform(chance: np.random.Generator, low: float, high: float, shape: tuple[int, ...], dtype: str = "") -> Array:
    """Numbers in low..high on a dyadic grid (-2..2: multiples of 2^-12, or 2^-26 in double precision).

    They need more digits than the next smaller dtype has, so that computing in half or, in float64, in single
    precision shows even where the answer is a copy of the input.
    """
    steps = _STEPS.get(dtype, _STEPS_IN_SINGLE)
    step = 2.0 ** (math.frexp(high - low)[1] - 1 - steps) if high > low else 0.0
    if not step:
        return np.full(shape, low)
    ticks = chance.integers(math.ceil(low / step), math.floor(high / step) + 1, size=shape)
    return exact(ticks * step, dtype)


def exact(numbers: Array, dtype: str) -> Array:
    """The numbers rounded to single precision, unless `dtype` is a double one."""
    return numbers if dtype in _STEPS else numbers.astype(np.float32).astype(np.float64)


def order(chance: np.random.Generator, size: int) -> Array:
    """A random permutation of 0 … size - 1."""
    return np.argsort(chance.random(size), kind="stable")


def signs(chance: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Random -1 and 1."""
    return 1 - 2 * chance.integers(0, 2, size=shape)
