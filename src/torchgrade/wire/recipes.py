"""Recipes as bytes: they go with every chunk of work, so they are compressed (the bank of 43: 31 kB for 120)."""

from __future__ import annotations

import zlib
from functools import cache

from torchgrade.errors import WireError
from torchgrade.model.recipe import Recipe
from torchgrade.wire.codec import Codec


def encode(recipe: Recipe) -> bytes:
    """Compressed JSON, exact: `decode` gives an equal recipe back, and equal recipes are the same bytes."""
    return zlib.compress(_codec().encode(recipe), 9)


def decode(data: bytes) -> Recipe:
    """The recipe; a WireError if the bytes are none, or have fields of a newer version."""
    try:
        return _codec().decode(zlib.decompress(data))
    except zlib.error as error:
        raise WireError(f"this is no Recipe: {error}") from error


@cache
def _codec() -> Codec[Recipe]:
    return Codec(Recipe)
