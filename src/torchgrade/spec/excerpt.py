"""A Diagnostic as an author reads it: where, the line, what in it, and what to do."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from torchgrade.model.diagnostic import Diagnostic

WIDEST = 160
"""Columns of an excerpt that are shown; a longer line is cut around what is underlined."""


def render(diagnostic: Diagnostic) -> str:
    """`file:line:col: code: message`, the line with carets under what is meant, and the hint."""
    lines = [headline(diagnostic)]
    if diagnostic.excerpt:
        number = f"{diagnostic.line:>4} | "
        line, column = _cut(diagnostic.excerpt, diagnostic.column - 1)
        under = line[column : column + diagnostic.width]
        indent = " " * (len(number) + cells(line[:column]))
        lines += [number + _shown(line), indent + "^" * max(1, cells(under))]
    if diagnostic.hint:
        lines.append(f"  hint: {diagnostic.hint}")
    return "\n".join(lines)


def headline(diagnostic: Diagnostic) -> str:
    """`file:line:col: code: message`; `torchgrade explain` knows the code."""
    place = ":".join(str(part) for part in (diagnostic.path, diagnostic.line, diagnostic.column) if part)
    return f"{place}: {diagnostic.code}: {diagnostic.message}"


def cells(text: str) -> int:
    """How many columns of a terminal a text takes: two for Chinese, none for combining marks."""
    return sum(0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1 for character in text)


def _cut(line: str, column: int) -> tuple[str, int]:
    """The part of a long line around a column, and the column in it."""
    if len(line) <= WIDEST:
        return line, column
    start = max(0, min(column - WIDEST // 2, len(line) - WIDEST))
    return line[start : start + WIDEST], column - start


def _shown(line: str) -> str:
    """Control characters would move the caret or the terminal: each becomes one visible column."""
    return "".join(" " if character == "\t" else character if character.isprintable() else "·" for character in line)
