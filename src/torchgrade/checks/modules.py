"""What an entry point uses, followed into the modules that were handed in beside the code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from torchgrade.checks.usage import Use, imported, uses
from torchgrade.model.places import Part, parts
from torchgrade.model.probe import Source


def uses_of(source: Source, entrypoint: str) -> tuple[Use, ...]:
    """Everything that `entrypoint` reaches and uses; lines are counted over all that was handed in."""
    found = list(uses(source.text, entrypoint))
    modules = dict(_modules(source))
    if not modules:
        return tuple(found)
    waiting = [*imported(source.text, entrypoint), *(use.name for use in found)]
    known: set[tuple[int, str]] = set()
    while waiting:
        for part, member in _defined(waiting.pop(), modules):
            if (part.first, member) not in known:
                known.add((part.first, member))
                more = [replace(use, line=use.line + part.first - 1) for use in uses(part.text, member)]
                waiting += [*imported(part.text, member), *(use.name for use in more)]
                found += more
    return tuple(found)


def _modules(source: Source) -> Iterator[tuple[str, Part]]:
    """Each module by the names it may be imported by: in full, and from beside it."""
    for part in parts(source)[len(source.cells) or 1 :]:
        names = part.name.removesuffix(".py").removesuffix("/__init__").split("/")
        yield from ((name, part) for name in {".".join(names), names[-1]})


def _defined(name: str, modules: dict[str, Part]) -> Iterator[tuple[Part, str]]:
    """The modules that a dotted name begins with, and the member of each that it goes on with."""
    pieces = name.split(".")
    for count, module in enumerate(accumulate(pieces[:-1], "{}.{}".format), 1):
        if module in modules:
            yield modules[module], pieces[count]
