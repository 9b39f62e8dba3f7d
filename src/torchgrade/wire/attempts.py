"""Attempts as bytes: in the store, and on their way back from other machines."""

from __future__ import annotations

from functools import cache

from torchgrade.model.finding import Attempt
from torchgrade.wire.codec import Codec


def encode(attempt: Attempt) -> bytes:
    """Compact JSON, exact: `decode` gives an equal attempt back."""
    return _codec().encode(attempt)


def decode(data: bytes) -> Attempt:
    """The attempt; a WireError if the bytes are none, or have fields of a newer version."""
    return _codec().decode(data)


@cache
def _codec() -> Codec[Attempt]:
    return Codec(Attempt)
