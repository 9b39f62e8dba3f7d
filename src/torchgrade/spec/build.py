"""From validated data to an Exercise: a walk along the same type hints that the schema is derived from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from enum import Enum
from typing import TypeAlias, cast

from torchgrade.model.exercise import Literal
from torchgrade.spec import hints
from torchgrade.spec.document import Plain

Form: TypeAlias = "Callable[[Builder, Plain], object]"
Maker: TypeAlias = Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """Builds what a hint asks for; `forms` write out what files may shorten.

    `only` is the outcome that bare values speak of: the sole returned name, else empty.
    """

    forms: Mapping[object, Form]
    only: str

    def value(self, hint: object, data: Plain) -> object:
        """The data as an instance of the hint."""
        if hints.is_literal(hint):
            return literal(data)
        if hint in self.forms:
            return self.forms[hint](self, data)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return hint(data)
        if isinstance(hint, type) and is_dataclass(hint):
            return self.instance(hint, cast("dict[str, Plain]", data))
        if item := hints.item(hint):
            return tuple(self.value(item, each) for each in cast("list[Plain]", data))
        if entry := hints.entry(hint):
            return {name: self.value(entry, each) for name, each in cast("dict[str, Plain]", data).items()}
        return int(cast("float", data)) if hint is int else data

    def instance(self, owner: type, data: Mapping[str, Plain], **more: object) -> object:
        """A dataclass with the fields that the data sets."""
        given: dict[str, object] = dict(more)
        for member in hints.members(owner):
            if member.name not in data or member.name in more:
                continue
            form = self.forms.get((owner, member.name))
            value = data[member.name]
            given[member.name] = form(self, value) if form else self.value(member.hint, value)
        return cast("Maker", owner)(**given)


def literal(data: Plain) -> Literal:
    """A literal with tuples for lists."""
    if isinstance(data, list):
        return tuple(literal(item) for item in data)
    if isinstance(data, dict):
        return {name: literal(item) for name, item in data.items()}
    return data


def digest(data: Plain) -> str:
    """sha256 of the data as JSON; the order of fields counts, because that of parameters does."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
