"""Names: each can be a Python name, means one thing only, and is used."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping

from torchgrade.formula import scope
from torchgrade.formula.functions import CONSTANTS, FUNCTIONS
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Range
from torchgrade.spec.document import Route
from torchgrade.spec.rules import formulas
from torchgrade.spec.rules.draft import Draft, free_names, read

RESERVED = ("grad_output",)


def valid(draft: Draft) -> Iterator[Diagnostic]:
    """Names of parameters, results, sizes and `let` are Python names that no formula reads otherwise."""
    for name, parts, what in _declared(draft):
        word = name.rpartition(".")[2]
        if not name.isidentifier() or not name.isascii():
            hint = "letters, digits and underscores, and no digit first"
            yield draft.fault("not-a-name", f"`{name}` cannot be the name of a {what}", *parts, key=True, hint=hint)
        elif keyword.iskeyword(name) or word in CONSTANTS or name in RESERVED:
            message = f"`{name}` already means something in formulas or Python, and cannot name a {what}"
            yield draft.fault("reserved-name", message, *parts, key=True, hint="choose another name")
        elif name in FUNCTIONS and what != "result":
            message = f"`{name}` is a function of the formula language, and cannot name a {what}"
            yield draft.fault("reserved-name", message, *parts, key=True, hint="choose another name")


def distinct(draft: Draft) -> Iterator[Diagnostic]:
    """No name is two of parameter, size, result and `let`."""
    seen: dict[str, str] = {}
    for name, parts, what in _declared(draft):
        if name in seen and seen[name] != what:
            message = f"`{name}` is already the name of a {seen[name]}; every formula sees both"
            yield draft.fault("name-clash", message, *parts, key=True, hint="rename one of them")
        seen.setdefault(name, what)
    for name in sorted(draft.sizes & seen.keys() - draft.exercise.dims.keys() - {*draft.exercise.parameters}):
        route, _, _ = next(each for each in draft.specs if name in _sizes(each[2].shape))
        message = f"`{name}` is a size in this shape and also the name of a {seen[name]}"
        yield draft.fault("name-clash", message, *route, key=True, hint="rename one of them")


def used(draft: Draft) -> Iterator[Diagnostic]:
    """Every declared size stands in some shape or formula; one that does not is most often misspelt."""
    names: set[str] = set()
    for written in formulas.every(draft):
        names |= free_names(written.text)
    for spec in draft.exercise.returns.values():
        names |= set(_sizes(spec.shape))
    groups: list[tuple[Route, Mapping[str, Range]]] = [(("dims",), draft.exercise.dims)]
    groups += [(("cases", index, "dims"), group.dims) for index, group in enumerate(draft.exercise.cases)]
    for parts, dims in groups:
        for name in dims:
            if name not in names:
                sizes = ", ".join(sorted(draft.sizes & names))
                hint = f"the sizes here are {sizes}" if sizes else ""
                yield draft.fault(
                    "unused-size", f"no shape or formula uses `{name}`", *parts, name, key=True, hint=hint
                )


def _declared(draft: Draft) -> Iterator[tuple[str, Route, str]]:
    exercise = draft.exercise
    for field, what in (("parameters", "parameter"), ("dims", "size"), ("let", "let"), ("returns", "result")):
        for name in getattr(exercise, field):
            yield name, (field, name), what


def _sizes(shape: tuple[str, ...] | None) -> Iterator[str]:
    for size in shape or ():
        node = read(size) if size.strip() != "..." else None
        yield from scope.names(node) if node is not None else ()
