"""What code imports, read off its text: modules that are not allowed, and files that were handed in and left out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from torchgrade.model.observation import IncidentKind
from torchgrade.model.places import Part, parts
from torchgrade.model.probe import Source
from torchgrade.model.said import said
from torchgrade.readers.choose import Chosen
from torchgrade.readers.magics import parsed
from torchgrade.readers.problems import HandinError

_ALWAYS = "__future__"
_INSTALLED = frozenset(("torch", "numpy", "sympy", "mpmath", *sys.stdlib_module_names))
_LOOKED_UP = ("__import__", "import_module")


@dataclass(frozen=True, slots=True)
class _Import:
    """A module's full name, that of what is taken from it, and the line in the count over all that was handed in."""

    module: str
    member: str
    line: int


def check(source: Source, chosen: Chosen, allowed: Sequence[str]) -> None:
    """Raises HandinError for the first import of what is not allowed, or of a file that was left out."""
    left_out = {_first(str(each.path)): str(each.path) for each in chosen.left_out if each.path.suffix == ".py"}
    own = {_first(name) for name, _ in source.files if name.endswith(".py")}
    if not allowed and not left_out.keys() - own:
        return
    for part in _texts(source):
        for each in _imports(part):
            top = each.module.partition(".")[0]
            if top in own or top == _ALWAYS:
                continue
            if top in left_out and top not in _INSTALLED:
                raise _left_out(each, left_out[top])
            if allowed and not any(_is_within(each, name) for name in allowed):
                raise _not_allowed(each, allowed)


def _texts(source: Source) -> Iterator[Part]:
    """The main text as one, and each module."""
    yield Part(name=source.filename, first=1, text=source.text)
    yield from parts(source)[len(source.cells) or 1 :]


def _first(path: str) -> str:
    """The name that a file's module, or its package, is imported by."""
    return PurePosixPath(path).with_suffix("").parts[0]


def _imports(part: Part) -> Iterator[_Import]:
    tree = parsed(part.text)
    for node in () if isinstance(tree, SyntaxError) else ast.walk(tree):
        line = part.first + getattr(node, "lineno", 1) - 1
        match node:
            case ast.Import(names=aliases):
                yield from (_Import(alias.name, alias.name, line) for alias in aliases)
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                yield from (_Import(module, f"{module}.{alias.name}", line) for alias in aliases)
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(module)), *_]
            ):
                if name in _LOOKED_UP:
                    yield _Import(module, module, line)


def _is_within(found: _Import, allowed: str) -> bool:
    """`torch` allows `torch.nn.functional`; `torch.nn` allows `from torch import nn`."""
    return any(name == allowed or name.startswith(f"{allowed}.") for name in (found.module, found.member))


def _left_out(found: _Import, path: str) -> HandinError:
    return HandinError(
        said(
            "It imports `{module}`, but {path} may not be handed in beside the code: put what it defines into the file "
            "that is graded.",
            module=found.module[:80],
            path=path,
        ),
        line=found.line,
    )


def _not_allowed(found: _Import, allowed: Sequence[str]) -> HandinError:
    return HandinError(
        said(
            "It imports `{module}`; what may be imported is: {names}.",
            module=found.module[:80],
            names=", ".join(sorted(allowed)),
        ),
        kind=IncidentKind.NOT_ALLOWED,
        line=found.line,
    )
