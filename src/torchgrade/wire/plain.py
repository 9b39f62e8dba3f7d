"""How single values are written as JSON and read back: numbers, text, fractions, enums, bytes."""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from enum import Enum
from fractions import Fraction
from functools import lru_cache, partial
from types import NoneType
from typing import NamedTuple, TypeAlias, cast

from torchgrade.errors import WireError
from torchgrade.wire.fields import exactly

Turn: TypeAlias = Callable[[object], object]


class Way(NamedTuple):
    """The two directions of one type; `write` is None where JSON writes the value as it is.

    `is_flat`: its JSON is text, an integer or a bool, and equal JSON is an equal value.
    """

    write: Turn | None
    read: Turn
    is_flat: bool = False


def of_enum(kind: type[Enum]) -> Way:
    """The value of a member whose values are texts."""
    return Way(None, partial(_member, {member.value: member for member in kind}), is_flat=True)


def of_scalars(kinds: tuple[object, ...]) -> Way:
    """One of several types, which the JSON tells apart."""
    if not all(kind in _APART for kind in kinds):
        raise TypeError(f"one of {kinds} cannot be read back from JSON")
    readers = {kind: PLAIN[kind].read for kind in kinds if isinstance(kind, type)}
    return Way(_write_scalar, partial(_one_of, readers))


def _member(members: Mapping[object, Enum], data: object) -> Enum:
    try:
        return members[data]
    except (KeyError, TypeError):
        raise WireError(f"{str(data)[:40]!r} is none of {', '.join(map(str, members))}") from None


def _write_scalar(value: object) -> object:
    return _write_float(value) if isinstance(value, float) else value


def _one_of(readers: Mapping[type, Turn], data: object) -> object:
    kind = float if type(data) is dict else type(data)
    if kind not in readers:
        raise WireError(f"{kind.__name__} is none of {', '.join(each.__name__ for each in readers)}")
    return readers[kind](data)


def _write_float(value: object) -> object:
    number = cast("float", value)
    return number if math.isfinite(number) else {"float": repr(float(number))}


def _read_float(data: object) -> object:
    """An int is one, as Python says, and stays an int."""
    if type(data) is float or type(data) is int:
        return data
    return float(exactly(str, exactly(dict, data).get("float")))


@lru_cache(maxsize=1024)
def _read_fraction(data: object) -> Fraction:
    above, _, below = exactly(str, data).partition("/")
    return Fraction(int(above), int(below or 1))


def _write_bytes(value: object) -> str:
    return b64encode(cast("bytes", value)).decode("ascii")


def _read_bytes(data: object) -> bytes:
    return b64decode(exactly(str, data), validate=True)


_APART = (bool, int, float, str, NoneType)
PLAIN: Mapping[object, Way] = {
    **{kind: Way(None, partial(exactly, kind), is_flat=True) for kind in (bool, int, str, NoneType)},
    float: Way(_write_float, _read_float),
    bytes: Way(_write_bytes, _read_bytes),
    Fraction: Way(str, _read_fraction, is_flat=True),
}
"""The types that are written without looking into them."""
