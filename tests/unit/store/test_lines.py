"""The store as lines: everything comes back, twice changes nothing, and a fault anywhere changes nothing either."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.unit.store.pieces import EXERCISES, HEADER, UNREADABLE, added, done, grade, submission

from torchgrade.errors import StoreError
from torchgrade.model.history import Override, Student
from torchgrade.model.verdict import Verdict
from torchgrade.store.database import Store
from torchgrade.store.lines import Imported
from torchgrade.store.rows import ROWS

HANDED_IN = (
    submission("ada", "first"),
    submission("ada", "second"),
    submission("ada", "first"),
    replace(submission("魏", "", number=2, submitted="2027-01-01T00:00:00Z", account="4711"), late=True),
    replace(submission("'; DROP TABLE book_results; --", "x = '\ud83d'"), problem=UNREADABLE),
)
DECIDED = Override(exercise="tensor/a", points=Fraction(7, 3), reason="a grader's fault", who="tim")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "first") as store:
        fill(store, "w1")
        yield store


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "other") as store:
        yield store


def fill(store: Store, assignment: str) -> None:
    """Attempts, and an assignment with everything that there can be in a history."""
    for each in HANDED_IN:
        store.book.record(assignment, [each])
    run = added(store.run(EXERCISES, HEADER, "en"), HANDED_IN)
    grade(run)
    store.book.keep(assignment, run.entries())
    store.book.override(assignment, Student(submitter="ada"), DECIDED)
    store.book.override(assignment, Student(submitter="ada"), replace(DECIDED, points=None))


def everything(store: Store, assignment: str = "w1") -> object:
    """The history with its sources, and the attempts of a run."""
    run = added(store.run(EXERCISES, HEADER, "en"), HANDED_IN)
    students = list(store.book.students(assignment))
    sources = [store.book.submission(each.row) for student in students for each in student.handed_in]
    without = [
        replace(student, handed_in=tuple(replace(each, row=0) for each in student.handed_in)) for student in students
    ]
    return without, sources, list(run.keyed())


def test_an_export_is_json_line_by_line(store: Store) -> None:
    lines = [json.loads(line.decode("utf-8", "surrogatepass")) for line in store.export()]
    assert lines[0] == {"torchgrade": "store", "version": 1}
    assert lines[-1] == {"rows": len(lines) - 2}
    assert {name for line in lines[1:-1] for name in line} == set(ROWS)
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in store.export())


def test_everything_comes_back(store: Store, other: Store) -> None:
    assert everything(other) != everything(store)
    rows = sum(1 for _ in store.export()) - 2
    assert other.merge(store.export()) == Imported(rows=rows, new=rows)
    assert everything(other) == everything(store)
    assert sorted(other.export()) == sorted(store.export())


def test_what_is_there_already_is_not_there_twice(store: Store, other: Store) -> None:
    lines = list(store.export())
    for new in (len(lines) - 2, 0, 0):
        assert other.merge(lines) == Imported(rows=len(lines) - 2, new=new)
    assert store.merge(lines).new == 0
    assert everything(other) == everything(store)


def dated(store: Store, date: str) -> None:
    """Have everything in the history be of this date."""
    with store.connection:
        store.connection.execute("UPDATE book_results SET graded = ?", (f"{date}T00:00:00Z",))
        store.connection.execute("UPDATE book_overrides SET decided = ?", (f"{date}T00:00:00Z",))


def test_what_is_older_is_not_in_force_because_it_is_imported_later(store: Store, other: Store) -> None:
    """Ada has handed in something else since, another's work came out otherwise, and a decision was made."""
    dated(store, "2026-01-01")
    new, graded_again = submission("ada", "new"), HANDED_IN[-1]
    run = added(other.run(EXERCISES, HEADER, "en"), [new, graded_again])
    grade(run)
    entries = [(who, replace(each, points=Fraction(0)), key) for who, each, key in run.entries()]

    def enter() -> None:
        other.book.record("w1", [new, graded_again])
        other.book.keep("w1", entries)

    enter()
    other.book.override("w1", Student(submitter="ada"), replace(DECIDED, points=Fraction(1)))
    other.merge(store.export())
    hostile, ada, _ = other.book.students("w1")
    assert [each.digest for each in ada.handed_in] == [each.digest for each in (*HANDED_IN[:3], new)]
    assert [each.points for each in ada.overrides] == [Fraction(7, 3), None, Fraction(1)]
    result = hostile.handed_in[0].result("tensor/a")
    assert (len(hostile.handed_in[0].results), result and result.points) == (2 * len(EXERCISES), 0)
    enter()
    assert other.merge(store.export()).new == 0, "what was newest is known as that"
    assert list(other.book.students("w1"))[:2] == [hostile, ada]


def test_two_stores_are_brought_together(store: Store, other: Store) -> None:
    fill(other, "w2")
    expected = everything(store), everything(other, "w2")
    merged = other.merge(store.export())
    assert 0 < merged.new < merged.rows  # equal attempts and sources are there once
    assert (everything(other), everything(other, "w2")) == expected


def test_an_attempt_that_is_there_stays(store: Store, other: Store) -> None:
    run = added(other.run(EXERCISES, HEADER, "en"), HANDED_IN)
    for task in run.pending():
        run.keep(done(task, Verdict.WRONG_ANSWER))
    other.merge(store.export())
    again = added(other.run(EXERCISES, HEADER, "en"), HANDED_IN)
    assert {each.verdict for each in again.attempts()} == {Verdict.WRONG_ANSWER}


def test_every_column_of_every_table_is_exported(store: Store) -> None:
    tables = store.connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")
    assert {name for (name,) in tables} == set(ROWS)
    for table, kind in ROWS.items():
        columns = {row[1] for row in store.connection.execute(f"PRAGMA main.table_info({table})")}
        assert columns - {"id"} == {field.name for field in fields(kind)} - {"id"}, table


Lines = list[bytes]


def changed(table: str, **changes: object) -> Callable[[Lines], Lines]:
    """The export with changes in the first row of a table."""

    def change(lines: Lines) -> Lines:
        place = next(place for place, line in enumerate(lines) if line.startswith(b'{"' + table.encode()))
        row = json.loads(lines[place].decode("utf-8", "surrogatepass"))[table] | changes
        return [*lines[:place], json.dumps({table: row}).encode(), *lines[place + 1 :]]

    return change


def replaced(place: int, *lines: bytes) -> Callable[[Lines], Lines]:
    """The export with other lines in one line's place."""
    return lambda all_lines: [*all_lines[:place], *lines, *(all_lines[place + 1 :] if place != -1 else ())]


TIMED_OUT = {"submitter": "", "exercise": "t", "verdict": "time_limit_exceeded", "points": "0", "max_points": "1"}


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda lines: [], "it ends after line 0, and not with its last line"),
        (lambda lines: lines[:-1], r"it ends after line \d+, and not with its last line"),
        (lambda lines: lines[:5] + lines[6:], r"line \d+: there are \d+ rows, and the last line says \d+"),
        (lambda lines: [*lines, lines[1]], r"line \d+: this is no row, or comes after the last line"),
        (lambda lines: lines[1:], "line 1: this is no export of a store"),
        (replaced(0, b'{"torchgrade":"store","version":2}'), "line 1: a newer torchgrade wrote this"),
        (replaced(0, b'{"name":"report"}'), "line 1: this is no export of a store"),
        (replaced(3, b"\n"), "line 4: this is no JSON"),
        (replaced(3, b"\xff\xfe"), "line 4: this is no JSON"),
        (replaced(3, b"[1]"), "line 4: list where dict is expected"),
        (replaced(3, b"{}"), "line 4: this is no row"),
        (replaced(3, b'{"sqlite_schema":{}}'), "line 4: 'sqlite_schema' is no table; there are attempts, book_sources"),
        (replaced(-1, b'{"rows":"many"}'), r"line \d+: there are \d+ rows, and the last line says many"),
        (changed("attempts", key="abc"), "line 2: non-hexadecimal number"),
        (changed("attempts", key="ab"), "line 2: a key has 80 digits, and this one 2"),
        (changed("attempts", key=5), "line 2: int where str is expected"),
        (
            changed("attempts", verdict="wrong_answer"),
            "line 2: the verdict of the attempt is accepted, and not wr",
        ),
        (changed("attempts", verdict="time_limit_exceeded", content=TIMED_OUT), "line 2: time-outs .* are not kept"),
        (changed("attempts", content={}), "line 2: a field is missing or unfit"),
        (changed("attempts", owner="eve"), "line 2: the field 'owner' is unknown; a newer torchgrade may have written"),
        (changed("book_sources", content={"text": 1}), r"line \d+: int where str is expected"),
        (changed("book_submissions", id=None), r"line \d+: NoneType where int is expected"),
        (changed("book_submissions", number=2**70), r"line \d+: Python int too large"),
        (changed("book_submissions", submitter="\udc80"), r"line \d+: .* surrogates not allowed"),
        (changed("book_results", submission=999), r"line \d+: it is of submission 999, which does not stand before it"),
        (changed("book_results", points="1/0"), r"line \d+: this is no ResultRow: Fraction"),
        (changed("book_results", checks=[["value", "accepted", "1"]]), r"line \d+: this is no ResultRow"),
        (changed("book_overrides", points="much"), r"line \d+: this is no OverrideRow"),
    ],
)
def test_nothing_is_imported_if_anything_is_wrong(
    store: Store, other: Store, spoil: Callable[[Lines], Lines], reason: str
) -> None:
    fill(other, "w2")
    before = list(other.export())
    with pytest.raises(StoreError, match=f"the export cannot be imported: {reason}") as caught:
        other.merge(spoil(list(store.export())))
    assert caught.value.hint == "nothing of it was imported; export the other store once more"
    assert list(other.export()) == before
    assert other.merge(store.export()).new


def test_an_editor_may_have_marked_the_beginning(store: Store, other: Store) -> None:
    first, *others = store.export()
    assert other.merge([b"\xef\xbb\xbf" + first, *others]).new


def test_an_export_is_of_one_moment(store: Store) -> None:
    lines = store.export()
    first = next(lines)
    with Store(store.folder) as writer:
        fill(writer, "w2")
    assert b"w2" not in b"".join([first, *lines])
    assert b"w2" in b"".join(store.export())


def test_an_export_that_is_given_up_leaves_the_store_free(store: Store) -> None:
    lines = store.export()
    next(lines)
    lines.close()
    fill(store, "w2")
