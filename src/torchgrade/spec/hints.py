"""What the type hints of a dataclass say, read once for both the schema and the building of exercises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

WITHIN_UNION = (Union, UnionType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A field of a dataclass that files may set: its hint without None, and its metadata."""

    owner: type
    name: str
    hint: object
    required: bool
    description: str
    keywords: Mapping[str, object]


@cache
def members(owner: type) -> tuple[Member, ...]:
    """The fields of a dataclass, in their order, but for those that are derived."""
    hints = get_type_hints(owner)
    found = []
    for each in fields(owner):
        metadata = dict(each.metadata)
        if metadata.pop("derived", False):
            continue
        found.append(
            Member(
                owner=owner,
                name=each.name,
                hint=without_none(hints[each.name]),
                required=each.default is MISSING and each.default_factory is MISSING,
                description=str(metadata.pop("description", "")),
                keywords=metadata,
            )
        )
    return tuple(found)


def without_none(hint: object) -> object:
    """`T` of `T | None`; every other hint as it is."""
    arguments = get_args(hint)
    if get_origin(hint) in WITHIN_UNION and NoneType in arguments and len(arguments) == 2:
        return arguments[0] if arguments[1] is NoneType else arguments[1]
    return hint


def item(hint: object) -> object | None:
    """`T` of `tuple[T, ...]`."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None


def entry(hint: object) -> object | None:
    """`T` of `Mapping[str, T]`."""
    return get_args(hint)[1] if get_origin(hint) is Mapping else None


def is_literal(hint: object) -> bool:
    """True for `model.exercise.Literal`: numbers, bools, text, lists and mappings of them."""
    return get_origin(hint) in WITHIN_UNION and {bool, str} <= set(get_args(hint))
