"""The gradebook as a table for people, as CSV, and one student's history.

Points are cut to two decimals, never rounded up; sums are of what is exact.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from torchgrade.grading.gradebook import Cell, Row
from torchgrade.model.history import HandedIn, Override, Student
from torchgrade.writers.escape import line, spreadsheet
from torchgrade.writers.terminal import table
from torchgrade.writers.totals import shown
from torchgrade.writers.words import words

BEFORE = ("submitter", "account", "status", "submissions", "counted", "submitted", "days_late", "keeps")
AFTER = ("earned", "points", "max_points", "overrides")
UNGRADED = "–"
_PARTING = re.compile(r'[",;\t\r\n]')
FEW = 5
"""Of a note that more students than these share, only their number is told: the table says who is late."""


def lines_of_csv(rows: Iterable[Row], exercises: Iterable[str]) -> Iterator[str]:
    """A heading and a line for each student; what nobody graded is empty."""
    yield _line([*BEFORE, *exercises, *AFTER])
    for row in rows:
        points = (shown(cell.points) if cell.result or cell.override else "" for cell in row.cells)
        said = "; ".join(decision(override) for override in row.overrides)
        yield _line([*_before(row), *points, *map(shown, (row.earned, row.total, row.most)), spreadsheet(said)])


def terminal(rows: Iterable[Row], exercises: Iterable[str]) -> str:
    """A table of the class, and under it what is to be known beside the points."""
    seen = tuple(rows)
    names = _headings(tuple(exercises))
    lines = [
        (row.submitter, row.status, _counted(row), *map(_cell, row.cells), f"{_star(row.override)}{_of(row)}")
        for row in seen
    ]
    told = Counter(row.lateness.note for row in seen if row.lateness.note)
    crowds = {note: count for note, count in told.items() if count > FEW}
    notes = [f"{line(row.submitter)}: {note}" for row in seen for note in _notes(row) if note not in crowds]
    notes += [f"{count} students: {note}" for note, count in crowds.items()]
    text = table(("student", "status", "counts", *names, "total"), lines)
    return text + ("\n" + "\n".join(notes) + "\n" if notes else "")


def history(student: Student, row: Row) -> str:
    """Everything that was handed in and decided, the oldest first."""
    lines = [line(student.submitter) + (f" (account {line(student.account)})" if student.account else "")]
    for each in student.handed_in:
        counts = ", counts" if row.counted and row.counted.row == each.row else ""
        lines += [f"submission {each.place}{counts}: {_when(each)}{line(each.path)}"]
        lines += [
            f"  {result.when}  {result.exercise}: {words(result.verdict)}, "
            f"{shown(result.points)} of {shown(result.max_points)}"
            for result in each.results
        ]
    return "\n".join([*lines, *(f"decided {override.when}: {decision(override)}" for override in student.overrides)])


def decision(override: Override) -> str:
    """`linalg/solve: 3 points, because of a fire alarm (mueller)`."""
    return line(f"{_decided(override)} ({override.who})")


def comment(row: Row) -> str:
    """How a student's points came about, as they may read it beside them on a platform."""
    parts = [f"{cell.exercise}: {_cell(cell)} of {shown(cell.most)}" for cell in row.cells]
    parts += _lateness(row)
    parts += [f"* {_decided(override)}" for override in row.overrides]
    return line("; ".join(parts))


def _headings(exercises: tuple[str, ...]) -> list[str]:
    """The ends of the ids, as long as it takes to tell them apart: `double`; of two, `a/double` and `b/double`."""
    paths = [identifier.split("/") for identifier in exercises]
    longest = max(map(len, paths), default=0)
    ends = [["/".join(path[-parts:]) for path in paths] for parts in range(1, longest + 1)]
    return [next(each[i] for each in ends if each.count(each[i]) == 1) for i in range(len(paths))]


def _decided(override: Override) -> str:
    what = "withdrawn" if override.points is None else f"{shown(override.points)} points"
    return f"{override.exercise or 'in all'}: {what}, {override.reason}"


def _before(row: Row) -> list[str]:
    counted = row.counted
    return [
        spreadsheet(row.submitter),
        spreadsheet(row.account),
        row.status,
        str(row.submissions),
        str(counted.place) if counted else "",
        spreadsheet(counted.submitted) if counted else "",
        shown(row.lateness.days),
        shown(row.lateness.keeps),
    ]


def _counted(row: Row) -> str:
    """`2 of 3`: the second of three submissions counts."""
    return f"{row.counted.place} of {row.submissions}" if row.counted else str(row.submissions)


def _cell(cell: Cell) -> str:
    return f"{_star(cell.override)}{shown(cell.points)}" if cell.result or cell.override else UNGRADED


def _star(override: Override | None) -> str:
    return "*" if override else ""


def _of(row: Row) -> str:
    return f"{shown(row.total)} / {shown(row.most)}"


def _notes(row: Row) -> Iterator[str]:
    yield from _lateness(row)
    for override in row.overrides:
        earned = next((cell.earned for cell in row.cells if cell.exercise == override.exercise), row.earned)
        yield f"* {decision(override)}; earned {shown(earned)}"


def _lateness(row: Row) -> Iterator[str]:
    """What there is to say of it: one sentence, or none."""
    if row.lateness.note:
        yield row.lateness.note
    elif row.lateness.days:
        yield f"{_days(row.lateness.days)} late, keeps {shown(row.lateness.keeps * 100)}%"


def _days(days: Fraction) -> str:
    if days < 1:
        hours = days * 24
        return f"{shown(hours)} hours" if hours >= 1 else f"{shown(hours * 60)} minutes"
    return f"{shown(days)} days"


def _when(handed_in: HandedIn) -> str:
    late = " (late)" if handed_in.late else ""
    return f"{line(handed_in.submitted)}{late} " if handed_in.submitted or late else ""


def _line(values: list[str]) -> str:
    return ",".join(map(_quoted, values)) + "\n"


def _quoted(text: str) -> str:
    """In quotes if any spreadsheet could begin a new cell in it: `;` does so where the comma is decimal."""
    return '"' + text.replace('"', '""') + '"' if _PARTING.search(text) else text
