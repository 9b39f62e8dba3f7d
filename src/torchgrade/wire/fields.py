"""Reading checked values out of parsed JSON, of which nothing is known yet."""

from __future__ import annotations

from typing import TypeVar

from torchgrade.errors import WireError

T = TypeVar("T")


def mapping(data: object) -> dict[str, object]:
    """A JSON object."""
    return exactly(dict, data)


def texts(data: object) -> tuple[str, ...]:
    """A list of texts, each of them clean."""
    return tuple(clean(exactly(str, item)) for item in exactly(list, data))


def integers(data: object) -> tuple[int, ...]:
    """A list of integers; True is none."""
    items = exactly(list, data)
    if set(map(type, items)) <= {int}:  # all at once: tapes are long, and every tensor has a shape
        return tuple(items)
    return tuple(exactly(int, item) for item in items)


def exactly(kind: type[T], data: object) -> T:
    """`data`, if its type is `kind` and no subclass of it."""
    if type(data) is not kind:
        raise WireError(f"{type(data).__name__} where {kind.__name__} is expected")
    return data


def field(data: dict[str, object], name: str) -> object:
    """A field that must be there."""
    if name not in data:
        raise WireError(f"the field {name!r} is missing")
    return data[name]


def clean(text: str, length: int | None = None) -> str:
    """Text that can be encoded: lone surrogates become `?`; cut to `length` characters."""
    return text[:length].encode("utf-8", "replace").decode("utf-8")
