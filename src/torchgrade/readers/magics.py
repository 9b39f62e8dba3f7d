"""What IPython understands and Python does not, taken out of a cell so that every line keeps its number.

%%time                    → (blank)        the rest of the cell is Python
%%bash                    → the whole cell is none
%matplotlib inline        → pass
    !pip install torch    →     pass
torch.sum?                → pass
files = !ls               → pass
"""

from __future__ import annotations

import ast
import re
import warnings

from torchgrade.formula import syntax

_TIMING = ("time", "timeit", "capture", "prun")
_CELL = re.compile(r"\s*%%(\w+)")
_LINE = re.compile(r"[%!?]|[\w.]+\?\??\s*$|[\w\s,]+=\s*(?:!|%\w)")
_ONE_BY_ONE = 20
_PARSED = 1_000_000
"""Characters that are parsed for magics in one notebook, and more: once each cell is."""


def turns(length: int) -> int:
    """How often each cell of a notebook with so many characters of code may be parsed, to find its magics."""
    return min(max(_PARSED // max(length, 1), 1), _ONE_BY_ONE)


def python_of(cell: str, turns: int = _ONE_BY_ONE) -> str:
    """The Python of a cell; blank lines if it is another language's."""
    lines = cell.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip() and not _is_comment(line)), 0)
    magic = _CELL.match(lines[first])
    if magic and magic[1] not in _TIMING:
        return "\n" * (len(lines) - 1)
    if magic:
        lines[first] = ""
    return "\n".join(_without_magics(lines, turns))


def parsed(text: str) -> ast.Module | SyntaxError:
    """The tree of a cell, or what Python says of it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return syntax.module(text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(f"{type(error).__name__}: {error}")


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _is_magic(line: str) -> bool:
    return _LINE.match(line.lstrip()) is not None


def _without_magics(lines: list[str], turns: int) -> list[str]:
    """A line may look like a magic and be part of a text: only where Python cannot go on is it taken for one."""
    for _ in range(turns):
        fault = parsed("\n".join(lines))
        number = (fault.lineno or 0) if isinstance(fault, SyntaxError) else 0
        if not 0 < number <= len(lines) or not _is_magic(lines[number - 1]):
            return lines
        _pass(lines, number - 1)
    for number, line in enumerate(lines):
        if _is_magic(line):
            _pass(lines, number)
    return lines


def _pass(lines: list[str], number: int) -> None:
    """`pass` in place of a magic, and nothing in place of the lines that it goes on in."""
    goes_on = lines[number].endswith("\\")
    lines[number] = lines[number][: len(lines[number]) - len(lines[number].lstrip())] + "pass"
    while goes_on and number + 1 < len(lines):
        number += 1
        goes_on = lines[number].endswith("\\")
        lines[number] = ""
