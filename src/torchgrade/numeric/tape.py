"""The cotangent tape: small non-zero integers that a gradient is multiplied with, read alike by worker and judge."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

LENGTH = 97
_CHOICES = (-3, -2, -1, 1, 2, 3)
_FAIR = 256 - 256 % len(_CHOICES)
_BLOCKS = 8
_KEPT = 2**12
"""Tapes that are asked for again, by every wrong submission: 3 MB at most."""


@lru_cache(_KEPT)
def cotangent(seed: str) -> tuple[int, ...]:
    """The 97 integers from ±{1, 2, 3} that belong to a seed; 97 is prime, so that no usual size divides it."""
    stream = b"".join(sha256(f"{seed}/{block}".encode()).digest() for block in range(_BLOCKS))
    return tuple(_CHOICES[byte % len(_CHOICES)] for byte in stream if byte < _FAIR)[:LENGTH]


def read(cotangent: tuple[int, ...], start: int, count: int) -> list[int]:
    """`count` integers of the endlessly repeated tape, from position `start` on."""
    length = len(cotangent)
    return [cotangent[position % length] for position in range(start, start + count)]
