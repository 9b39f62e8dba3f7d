"""A run: what is graded, how often, and what a report is then made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from tests.unit.store.pieces import EXERCISES, HEADER, UNREADABLE, added, attempt, done, exercise, grade, submission

from torchgrade.model.assignment import Keep, Policy
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.store.database import Store
from torchgrade.store.roster import Duplicate, Problem, shard
from torchgrade.store.run import Counts, Run

IDS = [each.id for each in EXERCISES]
NAMES = ("zoe", "ada", "Ben", "éva", "\uffff", "\U00010000", "a\0b", "'; DROP TABLE attempts; --", "", "10", "9")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "state") as store:
        yield store


def begun(store: Store, submissions: Sequence[Submission], exercises: Sequence[Exercise] = EXERCISES) -> Run:
    return added(store.run(exercises, HEADER, "en"), submissions)


def reported(run: Run) -> list[tuple[str, str, str]]:
    """Whose attempts a report shows, of which exercise and of which text."""
    return [(each.submitter, each.exercise, each.printed) for each in run.attempts()]


def told(submissions: Sequence[Submission]) -> list[Attempt]:
    """What a report of these says, made without a store."""
    return [attempt(each, name) for each in sorted(submissions, key=lambda each: each.submitter) for name in IDS]


def test_a_report_has_every_attempt_in_order_whatever_the_order_of_grading(store: Store) -> None:
    submissions = [submission(name, f"text of {name}") for name in NAMES]
    run = begun(store, submissions)
    assert run.counts() == Counts(submissions=11, attempts=33, unchanged=0, pending=11)
    assert [(task.submission, task.exercises) for task in run.pending()] == [(each, tuple(IDS)) for each in submissions]
    assert reported(run) == []
    assert grade(run) == 33
    assert list(run.attempts()) == list(run.attempts()) == told(submissions)
    assert run.counts() == Counts(submissions=11, attempts=33, unchanged=0, pending=0)


def test_what_is_known_is_not_graded_again_and_reads_the_same(store: Store) -> None:
    submissions = [submission(name, f"text of {name}") for name in NAMES]
    run = begun(store, submissions)
    grade(run)
    first = list(run.keyed())
    again = begun(store, submissions[::-1])
    assert again.counts() == Counts(submissions=11, attempts=33, unchanged=33, pending=0)
    assert list(again.pending()) == []
    assert list(again.keyed()) == first
    kept = store.connection.execute("SELECT key FROM attempts").fetchall()
    assert {key.hex() for (key,) in kept} == {key for _, key in first}


@pytest.mark.parametrize(
    ("exercises", "header", "language", "pending"),
    [
        (EXERCISES, HEADER, "en", 0),
        (EXERCISES[::-1], HEADER, "en", 0),
        ((*EXERCISES, exercise("new")), HEADER, "en", 1),
        ((*EXERCISES[:2], replace(EXERCISES[2], digest="changed")), HEADER, "en", 1),
        (EXERCISES, replace(HEADER, seed="other"), "en", 3),
        (EXERCISES, HEADER, "zh", 3),
    ],
)
def test_only_what_changed_is_graded(store: Store, exercises, header, language: str, pending: int) -> None:
    grade(begun(store, [submission("ada")]))
    run = added(store.run(exercises, header, language), [submission("ada")])
    assert sum(len(task.exercises) for task in run.pending()) == pending
    grade(run)
    assert [each.exercise for each in run.attempts()] == [each.id for each in exercises]


def test_a_copy_of_an_exercise_is_another_exercise(store: Store) -> None:
    moved = replace(EXERCISES[0], id="week1/b")
    grade(begun(store, [submission("ada")], EXERCISES[:1]))
    run = begun(store, [submission("ada")], [moved, EXERCISES[0]])
    assert [task.exercises for task in run.pending()] == [("week1/b",)]
    grade(run)
    assert [each.exercise for each in run.attempts()] == ["week1/b", "tensor/b"]


def test_equal_work_is_graded_once_and_reported_for_each(store: Store) -> None:
    submissions = [submission(name, "the same") for name in ("zoe", "ada", "ben")]
    run = begun(store, [*submissions, submission("dan", "another")])
    assert run.counts() == Counts(submissions=4, attempts=12, unchanged=0, pending=2)
    assert [task.submission.submitter for task in run.pending()] == ["zoe", "dan"]
    assert grade(run) == 6
    assert list(run.attempts()) == told([*submissions, submission("dan", "another")])


def test_people_of_one_name_are_told_apart_by_their_accounts(store: Store) -> None:
    """They may come from the exports of two sections, and a third may call himself what they are called then."""
    given = [("ada", "1"), ("ada", "1"), ("ada", "2"), ("ada (1)", "3"), ("ada", ""), ("ben", "4")]
    run = begun(store, [submission(name, f"{name} {account}", account=account) for name, account in given])
    run.tell_apart()
    assert run.submitters() == ("ada", "ada (1) (1)", "ada (1) (3)", "ada (2)", "ben")


def test_pending_streams_while_results_are_kept(store: Store) -> None:
    submissions = [submission(f"s{number:03}") for number in range(200)]
    run = begun(store, submissions)
    waiting = []
    for task in run.pending():
        waiting.append(task)
        if len(waiting) > 3:
            run.keep(done(waiting.pop(0)))
    for task in waiting:
        run.keep(done(task))
    assert list(run.attempts()) == told(submissions)


def test_what_was_finished_before_an_end_is_known(store: Store) -> None:
    submissions = [submission(name) for name in ("ada", "ben", "dan")]
    run = begun(store, submissions)
    run.keep(done(next(run.pending())))
    assert reported(run) == [("ada", name, "ada") for name in IDS]
    again = begun(store, submissions)
    assert again.counts() == Counts(submissions=3, attempts=9, unchanged=3, pending=2)
    grade(again)
    assert list(again.attempts()) == told(submissions)


@pytest.mark.parametrize("verdict", [Verdict.TIME_LIMIT_EXCEEDED, Verdict.JUDGE_ERROR])
def test_what_may_come_out_otherwise_is_reported_and_graded_again_next_time(store: Store, verdict: Verdict) -> None:
    for _ in range(2):
        run = begun(store, [submission("ada"), submission("ben", "ada")])
        assert run.counts() == Counts(submissions=2, attempts=6, unchanged=0, pending=1)
        grade(run, verdict)
        assert [(each.submitter, each.verdict) for each in run.attempts()] == [("ada", verdict)] * 3 + [
            ("ben", verdict)
        ] * 3
    assert grade(begun(store, [submission("ada")])) == 3


def test_failures_can_be_graded_again(store: Store) -> None:
    submissions = [submission("ada"), submission("ben")]
    run = begun(store, submissions)
    for task, verdict in zip(tuple(run.pending()), (Verdict.ACCEPTED, Verdict.WRONG_ANSWER), strict=True):
        run.keep(done(task, verdict))
    again = begun(store, submissions)
    again.forget_failed()
    assert again.counts() == Counts(submissions=2, attempts=6, unchanged=3, pending=1)
    grade(again)
    assert list(again.attempts()) == told(submissions)
    assert begun(store, submissions).counts().pending == 0
    assert store.connection.execute("SELECT DISTINCT verdict FROM attempts").fetchall() == [("accepted",)]


def test_what_timed_out_this_time_is_not_forgotten_as_it_was(store: Store) -> None:
    grade(begun(store, [submission("ada")]), Verdict.WRONG_ANSWER)
    again = begun(store, [submission("ada")])
    again.forget_failed()
    grade(again, Verdict.TIME_LIMIT_EXCEEDED)
    assert {each.verdict for each in again.attempts()} == {Verdict.TIME_LIMIT_EXCEEDED}
    later = begun(store, [submission("ada")])
    assert {each.verdict for each in later.attempts()} == {Verdict.WRONG_ANSWER}


def test_only_some_are_graded(store: Store) -> None:
    run = begun(store, [submission(name, "the same") for name in NAMES])
    assert run.submitters() == tuple(sorted(NAMES))
    run.select(only=["'; DROP TABLE attempts; --", "éva"])
    assert run.submitters() == ("'; DROP TABLE attempts; --", "éva")
    assert [task.submission.submitter for task in run.pending()] == ["éva"]
    assert run.counts() == Counts(submissions=2, attempts=6, unchanged=0, pending=1)
    grade(run)
    assert {each.submitter for each in run.attempts()} == {"éva", "'; DROP TABLE attempts; --"}


def test_shards_are_parts_of_the_whole_and_the_same_everywhere(store: Store) -> None:
    names = [f"s{number}" for number in range(100)]
    parts = []
    for part in (1, 2, 3):
        run = begun(store, [submission(name) for name in names])
        run.select(shard=(part, 3))
        parts.append(run.submitters())
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert all(20 < len(part) < 50 for part in parts)
    assert [shard(name, 20) for name in ("alice", "bob", "魏")] == [8, 11, 3]


def test_what_someone_handed_in_is_in_one_part_under_all_names(store: Store) -> None:
    given = [submission(name, account="7", number=number) for number, name in enumerate(NAMES, 1)]
    parts = []
    for part in (1, 2, 3):
        run = begun(store, given)
        run.select(shard=(part, 3))
        parts.append(len(run.submitters()))
    assert sorted(parts) == [0, 0, len(NAMES)]


@pytest.mark.parametrize(
    ("given", "policy", "chosen"),
    [
        ([], Policy(), []),
        ([submission("a", "1")], Policy(), ["1"]),
        ([submission("a", "1", number=2), submission("a", "2", number=1)], Policy(), ["1"]),
        ([submission("a", "1", number=10), submission("a", "2", number=9)], Policy(), ["1"]),
        (
            [
                submission("a", "1", submitted="2027-01-02T01:00:00+08:00"),
                submission("a", "2", submitted="2027-01-01T18:00:00Z"),
            ],
            Policy(),
            ["2"],
        ),
        ([submission("a", "1", account="7"), submission("a", "2", account="8")], Policy(), ["1", "2"]),
        ([submission("a", "1", account="7", number=1), submission("b", "2", account="7", number=2)], Policy(), ["2"]),
        ([submission("a", str(n), number=n) for n in (3, 1, 2)], Policy(attempts=2), ["2"]),
        ([submission("a", str(n), number=n) for n in (3, 1, 2)], Policy(keep=Keep.BEST), ["3", "1", "2"]),
        ([submission("a", str(n), number=n) for n in (3, 1, 2)], Policy(keep=Keep.BEST, attempts=2), ["1", "2"]),
    ],
    ids=["none", "one", "last", "10 is after 9", "moment", "accounts", "renamed", "first two", "best", "best of two"],
)
def test_which_of_several_counts(store: Store, given: list[Submission], policy: Policy, chosen: list[str]) -> None:
    run = begun(store, given)
    run.choose(policy)
    assert [task.submission.source.text for task in run.pending()] == chosen
    assert [each.source.text for each in run.submissions()] == chosen


@pytest.mark.parametrize("keep", list(Keep))
@pytest.mark.parametrize(
    ("before", "given", "chosen", "beyond"),
    [
        ([1], [2, 3], 2, None),
        ([1, 2], [3, 4], 4, 4),
        ([1, 2], [1, 2, 3], 2, None),
        ([1, 2], [3], 3, 3),
        ([2, 3], [1], 1, None),
        ([], [1], 1, None),
    ],
)
def test_what_came_in_an_earlier_run_counts_as_well(
    store: Store, before: list[int], given: list[int], chosen: int, beyond: int | None, keep: Keep
) -> None:
    store.book.record("w", [submission("a", str(n), number=n) for n in before])
    run = begun(store, [submission("a", str(n), number=n) for n in given])
    store.book.record("w", run.submissions())
    found = run.choose(Policy(attempts=2, keep=keep), partial(store.book.handed_in, "w"))
    assert [each.source.text for each in run.submissions()][-1] == str(chosen)
    assert [(each.submitter, each.path, each.place) for each in found] == [("a", "class/a.py", beyond)] * bool(beyond)


def test_work_without_a_number_has_the_place_of_equal_work(store: Store) -> None:
    """It was known already, from an export that numbered it, and is not kept twice."""
    for number, text in ((1, "first"), (2, "second"), (0, "second"), (0, "third")):
        run = begun(store, [submission("a", text, number=number)])
        store.book.record("w", run.submissions())
        beyond = run.choose(Policy(attempts=2), partial(store.book.handed_in, "w"))
    assert [each.digest for each in run.submissions()] == [submission("a", "third").digest]
    assert beyond == ()


def points(handed_in: Submission, attempts: tuple[Attempt, ...]) -> Fraction:
    assert all(each.submitter == handed_in.submitter and each.file == handed_in.path for each in attempts)
    return sum((each.points for each in attempts), Fraction(0))


@pytest.mark.parametrize(
    ("texts", "best"), [(["x", "xxx", "xx"], "xxx"), (["xxx", "yyy", "z"], "yyy"), (["x", "xx", "xxx"], "xxx")]
)
def test_the_best_is_known_when_all_are_graded(store: Store, texts: list[str], best: str) -> None:
    run = begun(store, [submission("a", text, number=n) for n, text in enumerate(texts, 1)] + [submission("b", "xxxx")])
    run.choose(Policy(keep=Keep.BEST))
    assert grade(run) == 12
    assert [each.printed for each in run.attempts()] == [text for text in texts for _ in IDS] + ["xxxx"] * 3
    run.settle(points)
    assert [each.printed for each in run.attempts()] == [best] * 3 + ["xxxx"] * 3


DAY = "2027-01-01T12:00"


@pytest.mark.parametrize(
    ("given", "is_unclear"),
    [
        ([submission("a", "1"), submission("a", "2")], True),
        ([submission("a", "1"), submission("a", "2", number=1)], True),
        ([submission("a", "1", number=1), submission("a", "2", number=1)], True),
        ([submission("a", "1"), submission("a", "1")], False),
        ([submission("a", "1", number=1), submission("a", "1", number=1)], False),
        ([submission("a", "1", number=1), submission("a", "2", number=2)], False),
        ([submission("a", "1", submitted=f"{DAY}:00Z"), submission("a", "2", submitted=f"{DAY}:01Z")], False),
        ([submission("a", "1", submitted=f"{DAY} CST"), submission("a", "2", submitted=f"{DAY}:01 CST")], True),
        ([submission("a", "1"), submission("b", "2")], False),
    ],
)
def test_submissions_of_which_nobody_knows_the_last_are_told(
    store: Store, given: list[Submission], is_unclear: bool
) -> None:
    unclear = Duplicate(submitter="a", paths=("class/a.py", "class/a.py"))
    assert begun(store, given).duplicates() == ((unclear,) if is_unclear else ())


def test_what_could_not_be_read_is_told_and_graded(store: Store) -> None:
    run = begun(store, [submission("ben"), replace(submission("ada"), problem=UNREADABLE, late=True)])
    assert list(run.problems()) == [Problem(submitter="ada", path="class/ada.py", says="It is empty.")]
    assert {task.submission.problem for task in run.pending()} == {None, UNREADABLE}
    assert list(run.submissions()) == [replace(submission("ada"), problem=UNREADABLE, late=True), submission("ben")]


def test_names_that_are_no_text_do_no_harm(store: Store) -> None:
    run = begun(store, [submission("a\udc80", "x = '\ud83d'", account="\udcff")])
    grade(run)
    assert {(each.submitter, each.file) for each in run.attempts()} == {("a?", "class/a?.py")}
    assert next(iter(run.submissions())).source.text == "x = '\ud83d'"


def test_a_new_run_begins_anew(store: Store) -> None:
    grade(begun(store, [submission("ada")]))
    assert list(begun(store, [submission("ben")]).attempts()) == []


def test_two_processes_may_grade_at_once(store: Store) -> None:
    run = begun(store, [submission("ada"), submission("ben")])
    with Store(store.folder) as other:
        there = begun(other, [submission("ada"), submission("dan")])
        for task, elsewhere in zip(run.pending(), there.pending(), strict=True):
            run.keep(done(task))
            there.keep(done(elsewhere))
        assert list(there.attempts()) == told([submission("ada"), submission("dan")])
    assert list(run.attempts()) == told([submission("ada"), submission("ben")])
    assert store.connection.execute("SELECT count(*) FROM attempts").fetchone() == (9,)
