"""Python text as its syntax tree, one text at a time."""

from __future__ import annotations

import ast
from threading import Lock

_ONE_AT_A_TIME = Lock()


def module(text: str) -> ast.Module:
    """The tree of a file. Raises what `ast.parse` does: SyntaxError, ValueError, RecursionError, MemoryError."""
    with _ONE_AT_A_TIME:
        return ast.parse(text)


def expression(text: str) -> ast.expr:
    """The tree of an expression. Raises what `ast.parse` does.

    Threads take turns, because some versions of CPython count the depth of a tree for all threads together, and raise
    SystemError when it does not come out even (https://github.com/python/cpython/issues/106905).
    """
    with _ONE_AT_A_TIME:
        return ast.parse(text, mode="eval").body
