"""Who of the graded is which row of the platform's file.

A wrong match gives one student another's grade, so what is not clear is not filled: ids of different systems can be
equal by chance, and people have equal names.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from torchgrade.writers.fill.grade import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A row of the file: every id that it gives, most telling first, and every way in which it writes the name."""

    row: int
    shown: str
    ids: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Rows with their grades; and the graded who have none, or more than one."""

    rows: Mapping[int, Grade]
    unmatched: tuple[str, ...]
    ambiguous: tuple[str, ...]


def match(grades: Iterable[Grade], people: Sequence[Person]) -> Matched:
    """Each grade's row: by id, then by name; a name that contradicts the id makes it unclear."""
    by_id, by_name = _indexed(people)
    found = [(grade, _rows(grade, by_id, by_name)) for grade in grades]
    taken = Counter(rows[0] for _, rows in found if len(rows) == 1)
    sure = {rows[0]: grade for grade, rows in found if len(rows) == 1 and taken[rows[0]] == 1}
    return Matched(
        rows=sure,
        unmatched=tuple(grade.called for grade, rows in found if not rows),
        ambiguous=tuple(grade.called for grade, rows in found if len(rows) > 1 or (rows and taken[rows[0]] > 1)),
    )


def key(name: str) -> str:
    """A name as platforms shorten it for files: small letters and digits only, `Lovelace, Ada` → `lovelaceada`."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name)).casefold()


def _indexed(people: Sequence[Person]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    by_id: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for person in people:
        for each in dict.fromkeys(filter(None, map(str.casefold, person.ids))):
            by_id.setdefault(each, []).append(person.row)
        for each in dict.fromkeys(filter(None, map(key, person.names))):
            by_name.setdefault(each, []).append(person.row)
    return by_id, by_name


def _rows(grade: Grade, by_id: Mapping[str, list[int]], by_name: Mapping[str, list[int]]) -> list[int]:
    """The rows that it may be: one if it is clear."""
    ids = by_id.get(grade.account.casefold(), [])
    names = by_name.get(key(grade.name), [])
    both = [row for row in ids if row in names]
    if len(both) == 1:
        return both
    if ids and names:
        return list(dict.fromkeys((*ids, *names)))
    # A submitter whom the platform or the teacher calls by an id: `ada.lovelace/solution.py`.
    return ids or names or by_id.get(grade.name.casefold(), [])
