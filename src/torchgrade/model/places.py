"""Where a line stands: one count of lines runs over all that was handed in, and people are told file, cell and line.

The count begins with the text of the Source, cell by cell in a notebook, and goes on over the modules beside it, in
order. Both sides of the wire count alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from torchgrade.model.probe import Source
from torchgrade.model.said import said

UNREAD = "# "
"""What stands before each line of a cell that Python cannot read, to make it a comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A script, a cell or a module: the name its tracebacks say, its first line in the count, and its text."""

    name: str
    first: int
    text: str


def parts(source: Source) -> tuple[Part, ...]:
    """All of them; a notebook has none but its cells and the modules."""
    own = tuple(_cells(source)) if source.cells else (Part(name=source.filename, first=1, text=source.text),)
    found, first = list(own), source.text.count("\n") + 2
    for name, content in source.files:
        if name.endswith(".py"):
            found.append(Part(name=name, first=first, text=module_text(content)))
            first += found[-1].text.count("\n") + 1
    return tuple(found)


def module_text(content: bytes) -> str:
    """A module as people read it, whatever is wrong with it."""
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def code(source: Source) -> str:
    """All lines of the count."""
    if not source.files:
        return source.text
    return "\n".join((source.text, *(part.text for part in parts(source)[len(source.cells) or 1 :])))


def place(source: Source, line: int) -> tuple[str, int]:
    """The cell or module that a line stands in, and its number there; no name for a script's own lines."""
    if not line or not (source.cells or source.files):
        return "", line
    known = parts(source)
    found = known[max(0, bisect_right(known, line, key=lambda part: part.first) - 1)]
    is_own = not source.cells and found is known[0]
    return "" if is_own else found.name, line - found.first + 1


def words(source: Source, line: int) -> str:
    """`line 3`, and of what, where there is more than one script: `line 3 of hw1.ipynb[cell 7]`."""
    name, number = place(source, line)
    return said("line {number} of {name}", number=number, name=name) if name else said("line {number}", number=line)


def written(source: Source, line: int) -> str:
    """What stands in a line; of a cell that Python cannot read, as it was before it was made a comment."""
    lines = code(source).split("\n")
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    name, _ = place(source, line)
    return text.removeprefix(UNREAD) if any(cell.problem and cell.name == name for cell in source.cells) else text


def unread(source: Source) -> Iterator[str]:
    """The cells that Python cannot read, as they were written."""
    for cell, part in zip(source.cells, parts(source), strict=False):
        if cell.problem:
            yield "\n".join(line.removeprefix(UNREAD) for line in part.text.split("\n"))


def _cells(source: Source) -> Iterator[Part]:
    lines = source.text.split("\n")
    ends = (*(cell.first for cell in source.cells[1:]), len(lines) + 1)
    for cell, end in zip(source.cells, ends, strict=True):
        yield Part(name=cell.name, first=cell.first, text="\n".join(lines[cell.first - 1 : end - 1]))
