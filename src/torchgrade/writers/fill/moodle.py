"""Moodle: the offline grading worksheet of an assignment (View all submissions → Download grading worksheet).

    Identifier,"Full name","Email address",Status,Grade,"Maximum Grade",…,"Last modified (grade)","Feedback comments"
    "Participant 4711","Ada Lovelace",ada@x.edu,"Submitted for grading",,10.00,…,-,

Its headers are in the language of whoever downloaded it, so columns are found by what stands in them: the identifier
ends in numbers that are all different, and the grade is left of the maximum, a number that is the same in every row.
Moodle compares `Last modified (grade)` with what it knows to find conflicts: no other cell may change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

from torchgrade.errors import UsageError
from torchgrade.writers.fill.decimals import PLACES, has_comma, number, places, written
from torchgrade.writers.fill.grade import Filled, Grade
from torchgrade.writers.fill.match import Matched, Person, key, match
from torchgrade.writers.fill.scale import notes, scaled
from torchgrade.writers.fill.table import Table, content, harmless

_IDENTIFIER = re.compile(r"(.*\D)(\d+)")
_TIME = re.compile(r"-|.*\d[:.]\d\d.*", re.DOTALL)
_NO_COMMENTS = "the worksheet has no column for feedback comments: turn them on in the assignment's settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where things stand; `comments` is 0, which is the identifier's place at most, if there is no such column."""

    identifier: int
    grade: int
    comments: int
    most: Fraction
    digits: int
    comma: bool


class Moodle:
    """The grading worksheet of a Moodle assignment."""

    kind: ClassVar[str] = "moodle"

    def claims(self, table: Table) -> bool:
        return bool(table.rows) and len(table.rows[0].cells) > 2 and _identifier(table) is not None

    def fill(self, table: Table, grades: Sequence[Grade], column: str) -> Filled:
        """Grades, and comments where there is room for them. `column` is the header of the grade, if it is not found.

        Raises UsageError for a worksheet that has no maximum: it grades on a scale.
        """
        columns = _columns(table, column)
        people = list(_people(table, columns))
        matched = _matched(table, grades, people, columns)
        comments = {row: grade.comment for row, grade in matched.rows.items() if grade.comment}
        free = {row for row in comments if columns.comments and not table.text(row, columns.comments)}
        changes = {
            (row, columns.grade): written(scaled(grade, columns.most), columns.digits, comma=columns.comma)
            for row, grade in matched.rows.items()
        }
        changes |= {(row, columns.comments): harmless(comments[row]) for row in sorted(free)}
        return Filled(
            content=content(table, changes),
            platform=self.kind,
            column=table.text(0, columns.grade),
            filled=len(matched.rows),
            unmatched=matched.unmatched,
            ambiguous=matched.ambiguous,
            ungraded=tuple(each.shown for each in people if each.row not in matched.rows),
            notes=(
                *notes(matched.rows.values(), columns.most),
                *_about_comments(len(comments), len(free), bool(columns.comments)),
            ),
        )


def _about_comments(given: int, written_ones: int, there: bool) -> Iterator[str]:
    if given and not there:
        yield _NO_COMMENTS
    elif written_ones < given:
        yield f"{given - written_ones} feedback comments were there already and stay as they are"


def _columns(table: Table, column: str) -> _Columns:
    identifier = _identifier(table) or 0
    maxima = [place for place in range(identifier + 2, len(table.rows[0].cells)) if _is_maximum(table, place)]
    asked = column.strip().casefold()
    fits = [place for place in maxima if not asked or table.text(0, place - 1).casefold() == asked]
    if not fits:
        raise UsageError(
            f"--column {column}: no such column has the maximum grade beside it"
            if asked
            else "the worksheet has no column with a maximum grade: on a scale, points mean nothing",
            hint="set the assignment's grade type to Point in Moodle and download the worksheet again",
        )
    grade = fits[-1] - 1
    told = [table.text(row, place) for row in _students(table) for place in (grade + 1, grade)]
    return _Columns(
        identifier=identifier,
        grade=grade,
        comments=_comments(table, grade),
        most=number(told[0]) or Fraction(0),
        digits=max(PLACES, places(told[0])),
        comma=any(map(has_comma, told)),
    )


def _identifier(table: Table) -> int | None:
    """The first column whose cells are one text with different numbers behind it: `Participant 12`."""
    rows = list(_students(table))
    for place in range(len(table.rows[0].cells) if rows else 0):
        found = [_IDENTIFIER.fullmatch(table.text(row, place)) for row in rows]
        pairs = {(each[1], each[2]) for each in found if each}
        if len(pairs) == len(rows) and len({text for text, _ in pairs}) == 1:
            return place
    return None


def _is_maximum(table: Table, place: int) -> bool:
    """One number in every row, with grades to its left or nothing yet."""
    rows = list(_students(table))
    said = {table.text(row, place) for row in rows}
    beside = {table.text(row, place - 1) for row in rows} - {""}
    return len(said) == 1 and bool(number(*said)) and all(number(each) is not None for each in beside)


def _comments(table: Table, grade: int) -> int:
    """The last column, unless it is the time of the last change, which is never blank; 0 if there is none."""
    last = len(table.rows[0].cells) - 1
    said = [text for row in _students(table) if (text := table.text(row, last))]
    is_time = bool(said) and all(map(_TIME.fullmatch, said))
    return last if last > grade + 2 and not is_time else 0


def _students(table: Table) -> Iterator[int]:
    return (row for row in range(1, len(table.rows)) if any(table.texts(row)))


def _people(table: Table, columns: _Columns) -> Iterator[Person]:
    for row in _students(table):
        told = table.text(row, columns.identifier)
        found = _IDENTIFIER.fullmatch(told)
        others = tuple(table.text(row, place) for place in range(columns.identifier + 2, columns.grade))
        name = table.text(row, columns.identifier + 1)
        ids = (found[2] if found else "", *(each for each in others if "@" in each or each.isdecimal()))
        yield Person(row=row, shown=name or told, ids=ids, names=(name, told))


def _matched(table: Table, grades: Sequence[Grade], people: Sequence[Person], columns: _Columns) -> Matched:
    """People by identifier, id or name; a group, whose id is of another kind, by its name: all of its rows."""
    groups = _groups(table, grades, people, columns)
    single = match([grade for grade in grades if key(grade.name) not in groups], people)
    persons = {person.row: person for person in people}
    doubtful = {row: grade for row, grade in single.rows.items() if _is_doubtful(grade, persons[row])}
    rows = {row: grade for row, grade in single.rows.items() if row not in doubtful}
    for grade in grades:
        rows |= {row: grade for row in groups.get(key(grade.name), ()) if row not in rows}
    return replace(single, rows=rows, ambiguous=(*single.ambiguous, *(grade.called for grade in doubtful.values())))


def _groups(
    table: Table, grades: Sequence[Grade], people: Sequence[Person], columns: _Columns
) -> dict[str, tuple[int, ...]]:
    """The rows of each group among the graded: its name stands in one of the columns before the grade."""
    wanted = {key(grade.name) for grade in grades} - {key(name) for person in people for name in person.names}
    found: dict[str, tuple[int, ...]] = {}
    for person in people:
        for place in range(columns.identifier + 2, columns.grade):
            name = key(table.text(person.row, place))
            if name and name in wanted:
                found[name] = (*found.get(name, ()), person.row)
    return found


def _is_doubtful(grade: Grade, person: Person) -> bool:
    """True if only the number fits and no word of the name does: groups are numbered too, and from 1 as well."""
    ours, theirs = _words(grade.name), _words(*person.names)
    return grade.account == person.ids[0] and key(grade.name) not in map(key, person.names) and not ours & theirs


def _words(*names: str) -> set[str]:
    return {word.casefold() for name in names for word in re.findall(r"[^\W\d_]+", name)}
