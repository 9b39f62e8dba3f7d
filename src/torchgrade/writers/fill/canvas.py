"""Canvas: the gradebook as exported (Grades → Export → Export Entire Gradebook) and as imported again.

    Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (1201),Current Score
        Points Possible,,,,,10.00,(read only)
    "Lovelace, Ada",4711,u100,ada,CS 101,,83.10

Rules are those of Canvas's own importer (lib/gradebook_importer.rb): which header is valid, which rows are students,
which columns it takes, and that scores are compared at two decimals. A column without an id would make a new assignment
there, so none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from torchgrade.errors import UsageError
from torchgrade.writers.fill.decimals import has_comma, number, written
from torchgrade.writers.fill.grade import Filled, Grade, listed
from torchgrade.writers.fill.match import Person, match
from torchgrade.writers.fill.scale import notes, scaled
from torchgrade.writers.fill.table import Table, content

_ASSIGNMENT = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)")
_COMPUTED = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_IDS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_HIDDEN = re.compile(r"(Muted|Manual Posting.*)?", re.IGNORECASE)
_CLOSED = ("ex", "n/a")
_TEST_STUDENT = "Student, Test"


class Canvas:
    """The gradebook of a Canvas course."""

    kind: ClassVar[str] = "canvas"

    def claims(self, table: Table) -> bool:
        header = table.texts(0) if table.rows else ()
        named = header[:2] == ("LastName", "FirstName") or (header[:1] and "Student" in header[0])
        return bool(named) and "ID" in header[1:3] and any("Section" in each for each in header)

    def fill(self, table: Table, grades: Sequence[Grade], column: str) -> Filled:
        """Only cells of `column` (title, id or whole header) change; if it is empty, there must be one assignment."""
        chosen = _chosen(table, column)
        people = [_person(table, row) for row in _students(table)]
        matched = match(grades, people)
        closed = [row for row in matched.rows if table.text(row, chosen).casefold() in _CLOSED]
        most = number(table.text(_maxima(table), chosen)) if _maxima(table) else None
        comma = _has_commas(table)
        changes = {
            (row, chosen): written(scaled(grade, most), comma=comma)
            for row, grade in matched.rows.items()
            if row not in closed
        }
        return Filled(
            content=content(table, changes),
            platform=self.kind,
            column=table.text(0, chosen),
            filled=len(changes),
            unmatched=matched.unmatched,
            ambiguous=matched.ambiguous,
            ungraded=tuple(
                each.shown for each in people if each.row not in matched.rows and each.shown != _TEST_STUDENT
            ),
            kept=tuple(f"{table.text(row, 0)}: {table.text(row, chosen)}" for row in closed),
            notes=tuple(notes(matched.rows.values(), most)),
        )


def _chosen(table: Table, column: str) -> int:
    """The column to fill. Raises UsageError if it is not clear which."""
    header = table.texts(0)
    open_ones = {place: found for place in _open(table) if (found := _ASSIGNMENT.fullmatch(header[place]))}
    asked = column.strip().casefold()
    fits = [
        place
        for place, found in open_ones.items()
        if not asked or asked in (header[place].casefold(), found["title"].casefold(), found["id"])
    ]
    if len(fits) == 1:
        return fits[0]
    there = listed(tuple(header[place] for place in open_ones)) or "none"
    if not asked:
        raise UsageError(
            f"the gradebook has {len(open_ones)} assignments to fill: {there}", hint="name one of them with --column"
        )
    raise UsageError(
        f"--column {column}: "
        + ("several assignments are called so" if fits else "the gradebook has no such assignment"),
        hint=f"give its id, the number in parentheses; there are: {there}",
    )


def _open(table: Table) -> Iterator[int]:
    """Columns that Canvas would take: behind the section, not computed, not read-only."""
    header = table.texts(0)
    section = max(place for place, name in enumerate(header) if "Section" in name and place < len(_IDS) + 4)
    maxima = _maxima(table)
    for place in range(section + 1, len(header)):
        is_read_only = bool(maxima) and "read only" in table.text(maxima, place)
        if not is_read_only and not _COMPUTED.search(header[place]):
            yield place


def _maxima(table: Table) -> int:
    """The row `Points Possible`; 0, which is the header, if there is none."""
    rows = range(1, len(table.rows))
    return next((row for row in rows if "Points Possible" in table.text(row, 0)), 0)


def _students(table: Table) -> Iterator[int]:
    maxima = _maxima(table)
    for row in range(1, len(table.rows)):
        if row != maxima and not all(map(_HIDDEN.fullmatch, table.texts(row))):
            yield row


def _person(table: Table, row: int) -> Person:
    header = table.texts(0)
    ids = tuple(table.text(row, header.index(each)) for each in _IDS if each in header)
    if header[0] == "LastName":
        last, first = table.text(row, 0), table.text(row, 1)
    else:
        last, _, first = table.text(row, 0).partition(",")
    shown = f"{last}, {first.strip()}" if first else last
    return Person(row=row, shown=shown, ids=ids, names=(shown, f"{first} {last}"))


def _has_commas(table: Table) -> bool:
    """True if the numbers of the gradebook have decimal commas; the maxima tell, where there are any."""
    header = table.texts(0)
    columns = [place for place, name in enumerate(header) if _ASSIGNMENT.fullmatch(name) or _COMPUTED.search(name)]
    return any(has_comma(table.text(row, place)) for row in range(1, len(table.rows)) for place in columns)
