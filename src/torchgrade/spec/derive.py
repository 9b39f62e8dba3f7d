"""JSON Schema from dataclasses: names, types, descriptions and limits are written once, beside the fields."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from enum import Enum
from typing import TypeAlias

from torchgrade.spec import hints

Schema: TypeAlias = dict[str, object]
SCALARS: Mapping[object, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}


class Deriver:
    """Derives schemas and collects the definitions they refer to.

    `forms` are for hints (or for one field: owner and name) that files may write in shorter ways.
    """

    def __init__(self, forms: Mapping[object, Callable[[Deriver], Schema]]) -> None:
        self.forms = forms
        self.definitions: dict[str, Schema] = {}

    def schema(self, hint: object) -> Schema:
        """The schema of a hint; classes are definitions of their own."""
        if hints.is_literal(hint):
            return self.define("Literal", literal)
        name = getattr(hint, "__name__", "")
        if hint in self.forms:
            return self.define(name, self.forms[hint])
        if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, Enum)):
            return self.define(name, lambda deriver: deriver.described(hint))
        if item := hints.item(hint):
            return {"type": "array", "items": self.schema(item)}
        if entry := hints.entry(hint):
            return {"type": "object", "additionalProperties": self.schema(entry)}
        return dict(SCALARS[hint])

    def define(self, name: str, make: Callable[[Deriver], Schema]) -> Schema:
        """A reference to a definition, which is made when it is first asked for."""
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name].update(make(self))
        return {"$ref": f"#/$defs/{name}"}

    def described(self, owner: type) -> Schema:
        """The schema of an enum or dataclass, with its docstring."""
        text: Schema = {"description": (inspect.getdoc(owner) or "").replace("\n", " ")}
        if issubclass(owner, Enum):
            return {**text, "enum": [member.value for member in owner]}
        return {**text, "type": "object", **self.properties(owner)}

    def properties(self, owner: type, **more: Schema) -> Schema:
        """What an object of a dataclass may hold, and nothing else."""
        known = hints.members(owner)
        properties = {**more, **{member.name: self.member(member) for member in known}}
        required = [*more, *(member.name for member in known if member.required)]
        found: Schema = {"properties": properties, "additionalProperties": False}
        return {**found, "required": required} if required else found

    def member(self, member: hints.Member) -> Schema:
        """The schema of one field."""
        form = self.forms.get((member.owner, member.name))
        schema = form(self) if form else self.schema(member.hint)
        text = {"description": member.description} if member.description else {}
        return {**text, **schema, **member.keywords}


def literal(deriver: Deriver) -> Schema:
    """Numbers, bools, text that holds a formula, and lists and mappings of them."""
    again: Schema = {"$ref": "#/$defs/Literal"}
    return {
        "description": "A number, bool, list, mapping, or text that holds a formula (for `type: str` the text itself).",
        "type": ["number", "boolean", "string", "array", "object"],
        "items": again,
        "additionalProperties": again,
    }
