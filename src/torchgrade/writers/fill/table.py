"""A CSV file of which cells can be changed while every other byte stays.

A CSV library reads values and writes its own quotes; here each cell keeps the bytes it was read from. Bytes, not text:
delimiters, quotes and line ends are ASCII in every encoding in use, so what the text is encoded in does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torchgrade.errors import UsageError

BOM = b"\xef\xbb\xbf"
_DELIMITERS = (b",", b";")
_LOOKED_AT = 3
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: its cells as they stand in the file, quotes and all, and what ends the line."""

    cells: tuple[bytes, ...]
    end: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a file; `content(table)` without changes is the file, byte for byte."""

    start: bytes
    delimiter: bytes
    rows: tuple[Row, ...]

    def text(self, row: int, column: int) -> str:
        """What the cell says, without spaces around it; empty if the row is too short for it."""
        cells = self.rows[row].cells
        return value(cells[column]).strip() if column < len(cells) else ""

    def texts(self, row: int) -> tuple[str, ...]:
        """What all cells of a row say."""
        return tuple(value(cell).strip() for cell in self.rows[row].cells)


def read(content: bytes) -> Table:
    """The table in a file. Raises UsageError if a quote is not closed, or the text is UTF-16."""
    if content.startswith(_UTF16) or b"\x00" in content:
        raise UsageError(
            "the file to fill is no CSV file in UTF-8",
            hint="download it again from the platform and do not open it in between; or save it as CSV in UTF-8",
        )
    start = BOM if content.startswith(BOM) else b""
    body = content[len(start) :]
    found = [(rows, delimiter) for delimiter in _DELIMITERS if (rows := _rows(body, delimiter)) is not None]
    if not found or (len(found) < len(_DELIMITERS) and _columns(found[0][0])[1] < 2):
        raise UsageError("the file to fill is damaged: a quote is never closed", hint="download it again")
    rows, delimiter = max(found, key=lambda each: _columns(each[0]))
    return Table(start=start, delimiter=delimiter, rows=rows)


def content(table: Table, changes: Mapping[tuple[int, int], str]) -> bytes:
    """The file with the cells at (row, column) changed; rows are made longer only where a change needs it."""
    rows = {row: dict[int, str]() for row, _ in changes}
    for (row, column), text in changes.items():
        rows[row][column] = text
    return table.start + b"".join(
        table.delimiter.join(_changed(row, rows.get(number, {}), table.delimiter)) + row.end
        for number, row in enumerate(table.rows)
    )


def value(cell: bytes) -> str:
    """What a cell says: UTF-8, else what Windows writes."""
    if cell.startswith(b'"'):
        closing = _QUOTED.match(cell)
        if closing is not None:
            cell = closing[0][1:-1].replace(b'""', b'"') + cell[closing.end() :]
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell.decode("cp1252", "replace")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


_QUOTED = re.compile(rb'"(?:[^"]++|"")*+"')


def _rows(body: bytes, delimiter: bytes) -> tuple[Row, ...] | None:
    """The records of a file with that delimiter; None if a quote is not closed."""
    cell = re.compile(rb'("(?:[^"]++|"")*+"[^%b\r\n]*+|[^%b\r\n]*+)(%b|\r\n|\n|\r|\Z)' % ((delimiter,) * 3))
    rows: list[Row] = []
    cells: list[bytes] = []
    place = 0
    while place < len(body) or cells:
        found = cell.match(body, place)
        if found is None or (found[1].startswith(b'"') and not _QUOTED.match(found[1])):
            return None
        cells.append(found[1])
        place = found.end()
        if found[2] != delimiter:
            rows.append(Row(cells=tuple(cells), end=found[2]))
            cells = []
    return tuple(rows)


def _columns(rows: tuple[Row, ...]) -> tuple[int, int]:
    """How many columns there are, if the first rows agree about it, as Canvas itself finds out; then the header's."""
    counts = {len(row.cells) for row in rows[:_LOOKED_AT]}
    agreed = counts.pop() if len(counts) == 1 else 0
    return agreed if agreed > 1 else 0, len(rows[0].cells) if rows else 0


def _changed(row: Row, changes: Mapping[int, str], delimiter: bytes) -> Iterator[bytes]:
    length = max(len(row.cells), 1 + max(changes, default=-1))
    for column in range(length):
        old = row.cells[column] if column < len(row.cells) else b""
        yield _written(changes[column], old, delimiter) if column in changes else old


def _written(text: str, old: bytes, delimiter: bytes) -> bytes:
    """A new cell, in quotes if it needs them or the old one had them."""
    new = text.encode("utf-8")
    needs = old.startswith(b'"') or any(sign in new for sign in (delimiter, b'"', b"\r", b"\n"))
    return b'"' + new.replace(b'"', b'""') + b'"' if needs else new
