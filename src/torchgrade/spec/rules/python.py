"""Python text: it parses, and defines what it is there to define. Nothing of it runs."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from torchgrade.formula import syntax
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.document import LINE_BREAK, Mark, Route
from torchgrade.spec.rules.draft import Draft

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Every piece of Python text of a file."""
    exercise = draft.exercise
    arguments = None if exercise.call is not None else len(exercise.parameters)
    for parts, text in _solutions(draft):
        yield from _piece(draft, parts, text, exercise.entrypoint, arguments)
    if exercise.call is not None:
        yield from _piece(draft, ("call",), exercise.call, "call", 1 + len(exercise.parameters))


def _solutions(draft: Draft) -> Iterator[tuple[Route, str]]:
    exercise = draft.exercise
    if exercise.reference.function is not None:
        yield ("reference", "function"), exercise.reference.function
    if exercise.starter is not None:
        yield ("starter",), exercise.starter
    for index, accepted in enumerate(exercise.accepted):
        yield ("accepted", index, "function"), accepted.function
    for index, mistake in enumerate(exercise.mistakes):
        if mistake.function is not None:
            yield ("mistakes", index, "function"), mistake.function


def _piece(draft: Draft, parts: Route, text: str, name: str, arguments: int | None) -> Iterator[Diagnostic]:
    try:
        tree = _parsed(text)
    except SyntaxError as error:
        yield _syntax(draft, parts, text, error)
        return
    except (ValueError, RecursionError, MemoryError):
        yield draft.fault("python-syntax", "this Python text is too deeply nested to be read", *parts)
        return
    found = next((each for each in reversed(tree.body) if name in _defined(each)), None)
    if found is None:
        defined = ", ".join(sorted({each for statement in tree.body for each in _defined(statement)}))
        hint = f"it defines {defined}" if defined else "begin with def or class"
        yield draft.fault("no-definition", f"this text does not define `{name}`", *parts, hint=hint)
    elif isinstance(found, FUNCTIONS) and arguments is not None and not _takes(found.args, arguments):
        given = [*([draft.exercise.entrypoint] if name == "call" else []), *draft.exercise.parameters]
        message = f"this cannot be called as {name}({', '.join(given)})"
        mark = _place(draft, parts, text, found.lineno, found.col_offset + 1)
        yield draft.document.page.fault("wrong-arguments", message, mark)


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return syntax.module(text)


def _syntax(draft: Draft, parts: Route, text: str, error: SyntaxError) -> Diagnostic:
    mark = _place(draft, parts, text, error.lineno or 1, error.offset or 1)
    return draft.document.page.fault("python-syntax", f"Python: {error.msg}", mark)


def _place(draft: Draft, parts: Route, text: str, line: int, column: int) -> Mark:
    starts = [0, *(found.end() for found in LINE_BREAK.finditer(text))]
    start = min(starts[min(line, len(starts)) - 1] + column - 1, max(len(text) - 1, 0))
    return draft.stretch(draft.route(*parts), start, start + 1)


def _defined(statement: ast.stmt) -> tuple[str, ...]:
    """The names that a statement at the top binds."""
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return (statement.name,)
    if isinstance(statement, ast.Assign):
        return tuple(target.id for target in statement.targets if isinstance(target, ast.Name))
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return tuple((alias.asname or alias.name).split(".")[0] for alias in statement.names)
    return ()


def _takes(arguments: ast.arguments, count: int) -> bool:
    """True if a function can be called with so many arguments by position."""
    positional = len(arguments.posonlyargs) + len(arguments.args)
    least = positional - len(arguments.defaults)
    needs_keyword = any(default is None for default in arguments.kw_defaults)
    return least <= count and (count <= positional or arguments.vararg is not None) and not needs_keyword
