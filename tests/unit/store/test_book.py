"""The history: what is kept, what is not kept twice, and what is never lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import pytest

from torchgrade.model.finding import Attempt, CheckResult
from torchgrade.model.history import Override, Result, Student
from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.store.book import Book
from torchgrade.store.book_tables import TABLES
from torchgrade.store.columns import whose
from torchgrade.store.database import Store
from torchgrade.wire.fields import clean


@pytest.fixture
def book() -> Iterator[Book]:
    connection = sqlite3.connect(":memory:")
    for statement in TABLES:
        connection.execute(statement)
    yield Book(connection)
    connection.close()


def submission(
    name: str, digest: str = "d1", number: int = 0, submitted: str = "", account: str = "", **more: object
) -> Submission:
    return Submission(
        submitter=name,
        path=f"work/{name}.py",
        source=Source(
            text=f"def f(x): return x  # {digest}\n", filename="f.py", files=(("data.bin", bytes(range(256))),)
        ),
        digest=digest,
        number=number,
        submitted=submitted,
        account=account,
        **more,  # type: ignore[arg-type] # a problem
    )


def attempt(name: str, points: str, digest: str = "d1", exercise: str = "a") -> Attempt:
    earned = Fraction(points)
    check = CheckResult(name="value", kind="value", verdict=Verdict.WRONG_ANSWER, points=earned, max_points=Fraction(1))
    return Attempt(
        submitter=name,
        exercise=exercise,
        verdict=Verdict.WRONG_ANSWER,
        points=earned,
        max_points=Fraction(1),
        checks=(check,),
        submission_digest=digest,
    )


Read: TypeAlias = tuple[Source, Incident | None]
"""What was read of one submission, under what an assignment allows."""


def entry(name: str, points: str, key: str = "k", account: str = "") -> tuple[str, Attempt, str]:
    return whose(clean(name), account), attempt(name, points), key


def only(book: Book) -> Student:
    (student,) = book.students("w")
    return student


def digests(book: Book) -> list[str]:
    return [each.digest for each in only(book).handed_in]


PROBLEM = Incident(kind=IncidentKind.UNREADABLE, message="it is \udc80 no text")


@pytest.mark.parametrize(
    "given",
    [
        submission("ada"),
        submission("ada", "d2", 2, "2027-01-01T00:00:00Z", "4711", late=True),
        submission("=cmd()", problem=PROBLEM),
        submission("魏\n'; DROP TABLE book_submissions; --"),
    ],
    ids=["plain", "told", "problem", "hostile"],
)
def test_what_was_handed_in_comes_back_as_it_was(book: Book, given: Submission) -> None:
    book.record("w", [given])
    student = only(book)
    (handed_in,) = student.handed_in
    assert book.submission(handed_in.row) == given
    assert (student.submitter, student.account) == (given.submitter, given.account)
    assert (handed_in.number, handed_in.submitted, handed_in.late) == (given.number, given.submitted, given.late)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["d1", "d1"], ["d1"]),
        (["d1", "d2", "d2", "d1"], ["d1", "d2", "d1"]),
    ],
)
def test_without_numbers_work_is_new_unless_it_came_last(book: Book, given: list[str], kept: list[str]) -> None:
    for digest in given:
        book.record("w", [submission("ada", digest)])
    assert digests(book) == kept


def test_numbered_work_is_the_same_whenever_it_comes(book: Book) -> None:
    book.record("w", [submission("ada", "d2", 2), submission("ada", "d1", 1)])
    book.record("w", [submission("ada", "d1", 1), submission("ada", "d2", 2), submission("ada", "d1", 3)])
    assert digests(book) == ["d1", "d2", "d1"]


CODE = Source(text="import numpy\n", filename="f.py")
REFUSED = Incident(kind=IncidentKind.UNREADABLE, message="numpy may not be imported")


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ((CODE, REFUSED), (CODE, None), 1),
        ((CODE, None), (CODE, REFUSED), 1),
        ((CODE, None), (replace(CODE, files=(("data.csv", b"1"),)), None), 1),
        ((replace(CODE, files=(("a.csv", b"1"),)), None), (replace(CODE, files=(("a.csv", b"2"),)), None), 2),
        ((CODE, None), (replace(CODE, text="import torch\n"), None), 2),
        ((CODE, None), (replace(CODE, filename="g.py"), None), 2),
    ],
    ids=["allowed", "refused", "with data", "other data", "other code", "other name"],
)
def test_work_of_which_more_is_allowed_later_is_no_second_attempt(
    book: Book, first: Read, second: Read, kept: int, number: int
) -> None:
    for digest, (source, problem) in (("d1", first), ("d2", second)):
        given = replace(submission("ada", digest, number), source=source, problem=problem)
        book.record("w", [given])
        book.keep("w", [(whose("ada", ""), attempt("ada", "1", digest), digest)])
    found = only(book).handed_in
    assert [each.digest for each in found] == ["d1", "d2"][-kept:]
    assert [len(each.results) for each in found] == [2 // kept] * kept
    assert book.submission(found[-1].row) == given


def test_who_has_an_account_is_known_by_it(book: Book) -> None:
    book.record(
        "w", [submission("ada", "d1", account="1"), submission("ada", "d1", account="2"), submission("ada", "d1")]
    )
    book.record("w", [submission("ada lovelace", "d2", account="1")])
    found = [(each.submitter, each.account, len(each.handed_in)) for each in book.students("w")]
    assert found == [("ada", "", 1), ("ada", "2", 1), ("ada lovelace", "1", 2)]


def test_names_that_are_no_unicode_are_kept_as_they_can_be(book: Book) -> None:
    book.record("w", [submission("ada\udc80")])
    book.record("w", [submission("ada\udc80")])
    book.keep("w", [entry("ada\udc80", "1")])
    (handed_in,) = only(book).handed_in
    assert len(handed_in.results) == 1
    assert book.place("w", whose(clean("ada\udc80"), ""), "d1") == 1


def test_assignments_are_apart(book: Book) -> None:
    book.record("w", [submission("ada")])
    book.record("v", [submission("ben")])
    book.keep("v", [entry("ada", "1"), entry("ben", "1")])
    assert [len(each.results) for each in only(book).handed_in] == [0]


def test_results_are_added_and_the_old_ones_stay(book: Book) -> None:
    book.record("w", [submission("ada")])
    for points, key in (("1/3", "k1"), ("1/3", "k1"), ("2/3", "k2"), ("1/3", "k1")):
        book.keep("w", [entry("ada", points, key)])
    (handed_in,) = only(book).handed_in
    assert [(str(each.points), each.key) for each in handed_in.results] == [("1/3", "k1"), ("2/3", "k2"), ("1/3", "k1")]
    counting = handed_in.result("a")
    assert counting is not None
    assert counting.checks == Result.of(attempt("ada", "1/3"), "k1").checks
    assert counting.when.endswith("Z")
    assert handed_in.result("b") is None


@pytest.mark.parametrize(
    ("verdicts", "kept"),
    [
        ([Verdict.WRONG_ANSWER, Verdict.JUDGE_ERROR], [Verdict.WRONG_ANSWER]),
        ([Verdict.JUDGE_ERROR, Verdict.WRONG_ANSWER], [Verdict.JUDGE_ERROR, Verdict.WRONG_ANSWER]),
        ([Verdict.JUDGE_ERROR, Verdict.JUDGE_ERROR], [Verdict.JUDGE_ERROR] * 2),
    ],
)
def test_what_we_fail_to_grade_leaves_a_result_in_force(
    book: Book, verdicts: list[Verdict], kept: list[Verdict]
) -> None:
    book.record("w", [submission("ada")])
    for key, verdict in enumerate(verdicts):
        book.keep("w", [(whose("ada", ""), replace(attempt("ada", "0"), verdict=verdict), str(key))])
    assert [each.verdict for each in only(book).handed_in[0].results] == kept


def test_two_cannot_record_the_same_at_once(tmp_path: Path) -> None:
    with Store(tmp_path / "s") as one, Store(tmp_path / "s") as other:
        other.connection.execute("PRAGMA busy_timeout = 10")

        def handed_in() -> Iterator[Submission]:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.book.record("w", [submission("ada")])
            yield submission("ada")

        one.book.record("w", handed_in())
        other.book.record("w", [submission("ada")])
        assert digests(one.book) == ["d1"]


def test_results_find_an_account_under_another_name(book: Book) -> None:
    """A second Ada enrols, and from then on both are called by their accounts."""
    book.record("w", [submission("ada", account="7")])
    book.record("w", [submission("ada (7)", account="7"), submission("ada (8)", account="8")])
    book.keep("w", [entry("ada (7)", "1/3", account="7"), entry("ada (8)", "2/3", account="8")])
    found = {each.account: each.handed_in[0].result("a") for each in book.students("w")}
    assert {account: str(result.points) for account, result in found.items() if result} == {"7": "1/3", "8": "2/3"}


def test_equal_work_handed_in_twice_has_its_result_twice(book: Book) -> None:
    book.record("w", [submission("ada", "d1", 1), submission("ada", "d1", 2)])
    book.keep("w", [entry("ada", "1")])
    assert [len(each.results) for each in only(book).handed_in] == [1, 1]


def test_results_can_be_added_to_one_submission(book: Book) -> None:
    book.record("w", [submission("ada", "d1", 1), submission("ada", "d1", 2)])
    first, second = only(book).handed_in
    book.add([(second.row, Result.of(attempt("ada", "1"), "k"))])
    assert [len(each.results) for each in only(book).handed_in] == [0, 1]
    assert first.results == ()


@pytest.mark.parametrize(
    ("name", "account", "digest", "place"),
    [
        ("ada", "7", "d1", 3),
        ("ada (7)", "7", "d1", 3),
        ("ada", "7", "d2", 2),
        ("ada", "7", "d3", 0),
        ("ada", "", "d1", 0),
        ("ben", "8", "d1", 0),
    ],
)
def test_work_knows_its_place(book: Book, name: str, account: str, digest: str, place: int) -> None:
    book.record(
        "w", [submission("ada", each, number, account="7") for number, each in enumerate(("d1", "d2", "d1"), 1)]
    )
    assert book.place("w", whose(name, account), digest) == place


def test_decisions_are_added_and_the_old_ones_stay(book: Book) -> None:
    book.record("w", [submission("ada", account="7")])
    for points, exercise in ((Fraction(7, 3), "a"), (None, "a"), (Fraction(0), "")):
        book.override("w", only(book), Override(exercise=exercise, points=points, reason="it rained", who="tim"))
    found = only(book).overrides
    assert [(each.points, each.exercise) for each in found] == [(Fraction(7, 3), "a"), (None, "a"), (0, "")]
    assert {(each.reason, each.who, each.when[-1]) for each in found} == {("it rained", "tim", "Z")}


def test_what_is_interrupted_leaves_nothing_behind(book: Book) -> None:
    def handed_in() -> Iterator[Submission]:
        yield submission("ada")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        book.record("w", handed_in())
    assert list(book.students("w")) == []
