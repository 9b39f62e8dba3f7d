"""A notebook's cells, run one after another in one module: each under its own name, statement by statement.

What one of them cannot do (import what is not there, look up what another cell would have computed) keeps nothing from
what comes after it; it is told where a function is missing in the end.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import warnings
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, ModuleType

from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.places import Part, parts
from torchgrade.model.probe import Source
from torchgrade.worker.incidents import Blame

_FUTURE = __future__.annotations.compiler_flag
"""The one thing that is still to be had from there and that changes how code is compiled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A cell of which something could not be run, and why."""

    text: str
    incident: Incident


def run(source: Source, module: ModuleType, blame: Blame) -> tuple[Broken, ...]:
    """Run them; what could not be, in order."""
    broken = []
    for part, cell in zip(parts(source), source.cells, strict=False):
        linecache.cache[part.name] = (len(part.text), None, part.text.splitlines(keepends=True), part.name)
        if cell.problem:
            frames = (blame.frame(cell.line, "<module>"),)
            incident = Incident(
                kind=IncidentKind.SYNTAX_ERROR, message=cell.problem, exception="SyntaxError", frames=frames
            )
            broken.append(Broken(text=part.text, incident=incident))
    for code, part in _codes(source):
        if isinstance(code, SyntaxError):
            broken.append(Broken(text=part.text, incident=blame.syntax(code)))
            continue
        try:
            exec(code, vars(module))
        except BaseException as error:
            incident = blame.incident(error, IncidentKind.IMPORT_ERROR)
            broken.append(Broken(text=part.text, incident=incident))
    return tuple(broken)


@lru_cache(maxsize=1)
def _codes(source: Source) -> tuple[tuple[CodeType | SyntaxError, Part], ...]:
    """The statements, compiled once for all plans of a child; what is imported from the future holds from there on."""
    found, flags = [], 0
    for part, cell in zip(parts(source), source.cells, strict=False):
        for statement in () if cell.problem else _statements(part.text):
            code = _compiled(statement, part.name, flags)
            flags |= code.co_flags & _FUTURE if isinstance(code, CodeType) else 0
            found.append((code, part))
    return tuple(found)


def _statements(text: str) -> list[ast.stmt]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text).body


def _compiled(statement: ast.stmt, filename: str, flags: int) -> CodeType | SyntaxError:
    """The code of a statement, or what Python finds only now: a `return` outside a function, endless nesting."""
    try:
        code: CodeType = compile(ast.Module([statement], []), filename, "exec", flags=flags, dont_inherit=True)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(str(error), (filename, statement.lineno, 0, ""))
    return code
