"""From the bytes of a notebook to its code, without running any of it: nbformat 3 and 4, wherever it was written.

Of an `.ipynb` file only the sources of its code cells count; outputs, metadata and what is wrong with them do not. The
text of the Source is all cells joined, with what is not graded blanked; a cell that Python cannot read stands in it as
comments, and the other cells count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from torchgrade.model.places import UNREAD
from torchgrade.model.probe import Cell, Source
from torchgrade.model.said import said
from torchgrade.readers import kept, magics
from torchgrade.readers.problems import HandinError
from torchgrade.readers.script import LARGEST, refuse_data

LARGEST_NOTEBOOK = 20_000_000
"""Bytes, with outputs. Read as JSON it may take twenty times as much memory, for a moment."""
_MOST_CELLS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A code cell: its name, its lines as far as they count, and what is wrong with them."""

    name: str
    lines: str
    problem: str = ""
    line: int = 0


def source_of(content: bytes, filename: str) -> Source:
    """The notebook's code. Raises HandinError, in one sentence for the student."""
    named = [(f"{filename}[cell {number}]", text) for number, text in _code_cells(_opened(content))]
    if not named:
        raise HandinError(
            said("The notebook has no code cell with anything in it: was it saved before it was handed in?")
        )
    return source_of_cells(named, filename)


def source_of_cells(named: Iterable[tuple[str, str]], filename: str) -> Source:
    """The code of cells, each with the name that people are told, in the order in which they are run."""
    written = tuple(named)
    turns = magics.turns(sum(len(text) for _, text in written))
    read = _without_needless_imports([_read(name, text, turns) for name, text in written])
    cells, first = [], 1
    for each in read:
        line = first + each.line - 1 if each.line else 0
        cells.append(Cell(name=each.name, first=first, problem=each.problem, line=line))
        first += each.lines.count("\n") + 1
    return Source(text="\n".join(each.lines for each in read), filename=filename, cells=tuple(cells))


def plain(text: str) -> str:
    """Text with plain ends of lines that can be written as UTF-8 and has no NUL."""
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _opened(content: bytes) -> dict[str, object]:
    if not content:
        raise HandinError(said("The notebook is empty (0 bytes): save it and hand it in again."))
    if len(content) > LARGEST_NOTEBOOK:
        raise HandinError(said("The notebook is larger than 20 MB: clear its outputs, save it and hand it in again."))
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise HandinError(said("The notebook is not UTF-8 text: save it in Jupyter and hand it in again.")) from None
    except (ValueError, RecursionError, MemoryError) as error:
        place = said(" (line {line})", line=error.lineno) if isinstance(error, json.JSONDecodeError) else ""
        raise HandinError(
            said(
                "The notebook is damaged{place}: it is no JSON. Open it in Jupyter, save it and hand it in again.",
                place=place,
            )
        ) from None
    if not isinstance(data, dict):
        raise HandinError(said("The file is no notebook, whatever its name says: it is JSON without cells."))
    return data


def _code_cells(data: dict[str, object]) -> Iterator[tuple[int, str]]:
    """The number and source of each code cell that has anything in it."""
    cells = list(_cells(data))
    if len(cells) > _MOST_CELLS:
        raise HandinError(
            said("The notebook has {count:,} cells; {most:,} are read.", count=len(cells), most=_MOST_CELLS)
        )
    texts = [_text(cell) if isinstance(cell, dict) and cell.get("cell_type") == "code" else "" for cell in cells]
    code = "".join(texts)
    if len(code) > LARGEST:
        raise HandinError(said("The notebook has more than 1 MB of code: hand in source code only, no data."))
    refuse_data(code)
    yield from ((number, text) for number, text in enumerate(texts, 1) if text.strip())


def _cells(data: dict[str, object]) -> Iterator[object]:
    """Those of nbformat 4, or of the worksheets of nbformat 3."""
    worksheets = data.get("worksheets")
    for holder in (data, *(worksheets if isinstance(worksheets, list) else ())):
        cells = holder.get("cells") if isinstance(holder, dict) else None
        if isinstance(cells, list):
            yield from cells
    if not isinstance(data.get("cells", worksheets), list):
        raise HandinError(said("The file is no notebook, whatever its name says: it is JSON without cells."))


def _text(cell: dict[str, object]) -> str:
    """The source of a cell: one text, or its lines; nbformat 3 calls it `input`."""
    written = cell.get("source", cell.get("input"))
    lines = written if isinstance(written, list) else [written]
    return plain("".join(line for line in lines if isinstance(line, str)))


def _read(name: str, text: str, turns: int) -> _Read:
    code = magics.python_of(text, turns)
    tree = magics.parsed(code)
    if isinstance(tree, SyntaxError):
        line = min(max(tree.lineno or 1, 1), code.count("\n") + 1)
        comments = "\n".join(UNREAD + each for each in code.split("\n"))
        return _Read(name=name, lines=comments, problem=str(tree.msg), line=line)
    return _Read(name=name, lines=kept.blanked(code, tree.body, [kept.is_kept(each) for each in tree.body]))


def _without_needless_imports(cells: list[_Read]) -> list[_Read]:
    """An import that only what is left out had a use for, of a module that may not be there, is left out as well."""
    trees = [magics.parsed(cell.lines) for cell in cells]
    bodies = [tree.body if not isinstance(tree, SyntaxError) else [] for tree in trees]
    names = kept.used([statement for body in bodies for statement in body])
    return [
        replace(cell, lines=kept.blanked(cell.lines, body, [kept.is_needed(each, names) for each in body]))
        for cell, body in zip(cells, bodies, strict=True)
    ]
