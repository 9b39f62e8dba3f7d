"""Which functions code defines, read off its text, and which exercises they answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from torchgrade.formula import syntax
from torchgrade.model.places import unread
from torchgrade.model.probe import Source

DEFINITION = re.compile(r"^(?:async +def|def|class) +([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)


def names_of(source: Source) -> frozenset[str]:
    """The names that a submission defines, also in the cells of a notebook that Python cannot read."""
    return defined(source.text) | {name for text in unread(source) for name in DEFINITION.findall(text)}


def answered(names: frozenset[str], entrypoints: Mapping[str, str]) -> tuple[str, ...]:
    """The exercises, by id, whose function is among `names`."""
    return tuple(identifier for identifier, name in entrypoints.items() if name in names)


def defined(text: str) -> frozenset[str]:
    """The names a file defines at its top level, without running it; of a file that does not parse, its `def`s."""
    try:
        tree = syntax.module(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(DEFINITION.findall(text))
    return frozenset(name for statement in _top_level(tree) for name in _names(statement))


def _top_level(tree: ast.AST) -> list[ast.AST]:
    """The statements that run when the file is run: also those under `if`, `try` and `with`, not those in functions."""
    found, waiting = list[ast.AST](), [tree]
    while waiting:  # no calls: a thousand `elif` are a thousand deep
        inner = list(ast.iter_child_nodes(waiting.pop()))
        found += inner
        waiting += (
            each
            for each in inner
            if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))
        )
    return found


def _names(statement: ast.AST) -> tuple[str, ...]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (statement.name,)
    if isinstance(statement, ast.Name) and isinstance(statement.ctx, ast.Store):
        return (statement.id,)
    if isinstance(statement, ast.alias):
        return (statement.asname or statement.name,)
    return ()
