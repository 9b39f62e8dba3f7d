"""What of a notebook's cells is code to grade: imports, functions, classes and constants.

What a cell computes, plots or prints was for its author. It is blanked, so that every line keeps its number.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

_IMPORTS = (ast.Import, ast.ImportFrom)
_PLAIN = (ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.Name, ast.Attribute)
_WORDS = (ast.operator, ast.unaryop, ast.expr_context)


def is_kept(statement: ast.stmt) -> bool:
    """True for what defines names without computing anything."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(targets=targets, value=value):
            return all(map(_is_name, targets)) and _is_plain(value)
        case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
            return _is_plain(value)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=last):
            inner = (*body, *(each for handler in handlers for each in handler.body), *orelse, *last)
            return all(isinstance(each, ast.Pass) or is_kept(each) for each in inner)
    return False


def used(statements: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that they mention, other than by importing them."""
    return frozenset(node.id for each in statements for node in ast.walk(each) if isinstance(node, ast.Name))


def is_needed(statement: ast.stmt, names: frozenset[str]) -> bool:
    """False for an import of which nothing that is kept has a use: of what plots, or mounts a drive."""
    if not isinstance(statement, _IMPORTS) or (
        isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    ):
        return True
    return any(each.name == "*" or (each.asname or each.name.partition(".")[0]) in names for each in statement.names)


def blanked(text: str, statements: Sequence[ast.stmt], kept: Sequence[bool]) -> str:
    """The text with only those of its statements that are kept, each where it stood."""
    lines = [bytearray(line.encode()) for line in text.split("\n")]
    touched: set[int] = set()
    for position, (statement, stays) in enumerate(zip(statements, kept, strict=True)):
        if not stays:
            following = statements[position + 1] if position + 1 < len(statements) else None
            touched.update(_blank(lines, statement, following))
    for number in touched:
        if not lines[number].strip():
            lines[number].clear()
    return "\n".join(line.decode("utf-8", "replace") for line in lines)


def _blank(lines: list[bytearray], statement: ast.stmt, following: ast.stmt | None) -> Iterable[int]:
    """Spaces over a statement; a `0` in its place where another one follows in the same line. Which lines it was in.

    Written over where it stands: a line may have a hundred thousand statements.
    """
    first, last = _first(statement), statement.end_lineno or statement.lineno
    shares = following is not None and _first(following) == last
    for number in range(first, last + 1):
        line = lines[number - 1]
        start = statement.col_offset if number == statement.lineno else 0
        end = (statement.end_col_offset or 0) if number == last else len(line)
        line[start:end] = b" " * (end - start)
    if shares:
        lines[last - 1][statement.col_offset if first == last else 0] = ord("0")
    return range(first - 1, last)


def _first(statement: ast.stmt) -> int:
    """The line where it begins: with its first decorator, if it has one."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min(statement.lineno, *(each.lineno for each in decorators)) if decorators else statement.lineno


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, (ast.Tuple, ast.List)):
        return all(map(_is_name, target.elts))
    return isinstance(target, ast.Name)


def _is_plain(value: ast.expr) -> bool:
    """A literal, another name for something, or a function without a name."""
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, (ast.Lambda, *_PLAIN, *_WORDS)):
            return False
        if not isinstance(node, ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return True
