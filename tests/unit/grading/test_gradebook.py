"""Rows of the gradebook: which submission counts, what lateness keeps, and what a teacher decided."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from torchgrade.grading.gradebook import in_order, is_settled, lateness, needed, row
from torchgrade.model.assignment import Assignment, Item, Keep, Late, Policy
from torchgrade.model.history import HandedIn, Override, Result, Student
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict

WORTHS = {"a": Fraction(2), "b": Fraction(3), "extra": Fraction(1)}
ITEMS = (Item(exercise="a"), Item(exercise="b", points=3), Item(exercise="extra", bonus=True))
DUE = "2027-01-15T23:59:00+08:00"
STEPS = (Late(days=0.5, keeps=1), Late(days=1, keeps=0.8), Late(days=7, keeps=0.5))


def assignment(due: str = DUE, late: tuple[Late, ...] = STEPS, policy: Policy | None = None) -> Assignment:
    return Assignment(
        id="w", title=Text((("en", "W"),)), exercises=ITEMS, due=due, late=late, policy=policy or Policy()
    )


def result(exercise: str, points: int, verdict: Verdict = Verdict.WRONG_ANSWER) -> Result:
    return Result(exercise=exercise, key="k", verdict=verdict, points=Fraction(points), max_points=Fraction(4))


def handed_in(place: int, *points: int, submitted: str = "", late: bool = False) -> HandedIn:
    results = tuple(result(name, got) for name, got in zip(WORTHS, points, strict=False))
    return HandedIn(row=place, place=place, submitted=submitted, late=late, digest="d", path="p", results=results)


def decision(points: int | None, exercise: str = "") -> Override:
    return Override(exercise=exercise, points=None if points is None else Fraction(points), reason="r", who="t")


def student(*given: HandedIn, overrides: tuple[Override, ...] = ()) -> Student:
    return Student(submitter="ada", handed_in=given, overrides=overrides)


@pytest.mark.parametrize(
    ("submitted", "days", "keeps"),
    [
        ("2027-01-15T15:59:00Z", 0, "1"),
        ("2027-01-15T23:59:00+08:00", 0, "1"),
        ("2027-01-01T00:00:00Z", 0, "1"),
        ("2027-01-16T03:59:00Z", Fraction(1, 2), "1"),
        ("2027-01-16T03:59:00.000001Z", Fraction(1, 2) + Fraction(1, 86400 * 10**6), "4/5"),
        ("2027-01-16T15:59:00Z", 1, "4/5"),
        ("2027-01-22T15:59:00Z", 7, "1/2"),
        ("2027-01-22T15:59:01Z", 7 + Fraction(1, 86400), "0"),
    ],
)
def test_late_work_keeps_its_share(submitted: str, days: Fraction, keeps: str) -> None:
    found = lateness(assignment(), handed_in(1, submitted=submitted))
    assert (found.days, found.keeps, found.note) == (days, Fraction(keeps), "")


@pytest.mark.parametrize(
    ("submitted", "late", "note"),
    [
        ("", True, "marked late by the platform, without a time: nothing is taken off"),
        ("", False, ""),
        ("yesterday", True, "its time cannot be read: nothing is taken off"),
        ("2027-02-01T00:00:00", False, "its time cannot be read: nothing is taken off"),
        ("2027-02-01 00:00:00 CST", False, "its time cannot be read: nothing is taken off"),
    ],
)
def test_what_has_no_time_that_can_be_read_is_told_and_not_punished(submitted: str, late: bool, note: str) -> None:
    found = row(assignment(), WORTHS, student(handed_in(1, 4, 4, submitted=submitted, late=late)))
    assert (found.lateness.keeps, found.total, found.lateness.note) == (1, 5, note)


def test_without_steps_late_work_keeps_everything() -> None:
    found = lateness(assignment(late=()), handed_in(1, submitted="2027-01-16T15:59:00Z"))
    assert (found.days, found.keeps) == (1, 1)


def test_without_a_due_date_a_mark_is_told() -> None:
    found = lateness(assignment(due="", late=()), handed_in(1, submitted="2027-01-16T15:59:00Z", late=True))
    assert (found.days, found.keeps) == (0, 1)
    assert found.note == "marked late by the platform; the assignment has no due date"


FIRST, BETTER, WORSE = handed_in(1, 1, 0, 0), handed_in(2, 4, 2, 4), handed_in(3, 4, 0, 0)


@pytest.mark.parametrize(
    ("policy", "counted", "total", "decide"),
    [
        (Policy(), 3, "2", [3]),
        (Policy(keep=Keep.BEST), 2, "9/2", [1, 2, 3]),
        (Policy(attempts=2), 2, "9/2", [2]),
        (Policy(attempts=1, keep=Keep.BEST), 1, "1/2", [1]),
        (Policy(attempts=9), 3, "2", [3]),
    ],
)
def test_which_submission_counts(policy: Policy, counted: int, total: str, decide: list[int]) -> None:
    asked, given = assignment(policy=policy), student(FIRST, BETTER, WORSE)
    found = row(asked, WORTHS, given)
    assert found.counted is not None
    assert (found.counted.place, found.total, found.submissions) == (counted, Fraction(total), 3)
    assert [each.place for each in needed(asked, given)] == decide


def test_the_best_is_the_best_after_lateness_and_the_last_of_equals() -> None:
    late, soon = (
        handed_in(1, 4, 4, submitted="2027-01-22T00:00:00Z"),
        handed_in(2, 4, 2, submitted="2027-01-01T00:00:00Z"),
    )
    found = row(assignment(policy=Policy(keep=Keep.BEST)), WORTHS, student(late, soon, replace(soon, row=3, place=3)))
    assert found.counted is not None
    assert (found.counted.place, found.total) == (3, Fraction(7, 2))


def test_points_are_exact_and_a_bonus_is_asked_of_nobody() -> None:
    third = Result(exercise="b", key="k", verdict=Verdict.WRONG_ANSWER, points=Fraction(1, 3), max_points=Fraction(1))
    given = HandedIn(row=1, place=1, digest="d", path="p", results=(third, result("extra", 4)))
    found = row(assignment(), WORTHS, student(given))
    assert (found.earned, found.total, found.most) == (2, 2, 5)


def test_of_several_results_the_newest_counts() -> None:
    given = HandedIn(row=1, place=1, digest="d", path="p", results=(result("a", 0), result("a", 4)))
    assert row(assignment(), WORTHS, student(given)).total == 2


@pytest.mark.parametrize(
    ("overrides", "cells", "total"),
    [
        ((decision(1, "a"),), ["1", "3/2", "1"], "7/2"),
        ((decision(1, "a"), decision(3, "a")), ["3", "3/2", "1"], "11/2"),
        ((decision(1, "a"), decision(None, "a")), ["2", "3/2", "1"], "9/2"),
        ((decision(9),), ["2", "3/2", "1"], "9"),
        ((decision(0, "b"), decision(9)), ["2", "0", "1"], "9"),
        ((decision(9), decision(None)), ["2", "3/2", "1"], "9/2"),
        ((decision(1, "gone"),), ["2", "3/2", "1"], "9/2"),
    ],
)
def test_the_newest_decision_counts_beside_what_was_earned(
    overrides: tuple[Override, ...], cells: list[str], total: str
) -> None:
    found = row(assignment(), WORTHS, student(BETTER, overrides=overrides))
    assert [each.points for each in found.cells] == [Fraction(text) for text in cells]
    assert (found.total, found.earned) == (Fraction(total), Fraction(9, 2))


def test_nothing_is_taken_off_a_decision_for_lateness() -> None:
    late = handed_in(1, 4, 4, submitted="2028-01-01T00:00:00Z")
    found = row(assignment(), WORTHS, student(late, overrides=(decision(2, "a"),)))
    assert (found.total, found.earned, found.lateness.keeps) == (2, 0, 0)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (student(), "nothing handed in"),
        (student(handed_in(1, 4, 4)), "not graded yet"),
        (student(handed_in(1, 4, 4, 4)), "on time"),
        (student(handed_in(1, 4, 4, 4, submitted="2027-03-01T00:00:00Z")), "late"),
        (student(handed_in(1, 4, 4, 4, late=True)), "late"),
        (
            student(
                HandedIn(
                    row=1,
                    place=1,
                    digest="d",
                    path="p",
                    results=tuple(result(name, 0, Verdict.JUDGE_ERROR) for name in WORTHS),
                )
            ),
            "failed by the grader",
        ),
    ],
)
def test_every_row_says_where_it_stands(given: Student, status: str) -> None:
    assert row(assignment(), WORTHS, given).status == status


FAILED = HandedIn(
    row=1, place=1, digest="d", path="p", results=tuple(result(name, 0, Verdict.JUDGE_ERROR) for name in WORTHS)
)
BEST = Policy(keep=Keep.BEST)


@pytest.mark.parametrize(
    ("given", "policy", "is_final"),
    [
        (student(), Policy(), True),
        (student(handed_in(1, 4, 4, 4)), Policy(), True),
        (student(handed_in(1, 4, 4)), Policy(), False),
        (student(FAILED), Policy(), False),
        (student(FAILED, overrides=(decision(1),)), Policy(), True),
        (student(FAILED, overrides=(decision(1), decision(None))), Policy(), False),
        (student(FAILED, overrides=(decision(1, "a"),)), Policy(), False),
        (student(FAILED, overrides=tuple(decision(1, name) for name in WORTHS)), Policy(), True),
        (student(handed_in(1), handed_in(2, 4, 4, 4)), Policy(), True),
        (student(handed_in(1), handed_in(2, 4, 4, 4)), BEST, False),
    ],
)
def test_a_total_is_final_when_all_that_decides_is_graded(given: Student, policy: Policy, is_final: bool) -> None:
    asked = assignment(policy=policy)
    assert is_settled(asked, given, row(asked, WORTHS, given)) is is_final


def test_submissions_stand_in_the_order_in_which_they_were_handed_in() -> None:
    def given(row: int, number: int = 0, submitted: str = "") -> HandedIn:
        return HandedIn(row=row, place=0, number=number, submitted=submitted, digest="d", path="p")

    numbered = in_order([given(1, 3), given(2, 1), given(3, 2)])
    assert [(each.row, each.place) for each in numbered] == [(2, 1), (3, 2), (1, 3)]
    timed = in_order([given(1, submitted="2027-01-01T12:00:00+08:00"), given(2, submitted="2027-01-01T03:00:00Z")])
    assert [each.row for each in timed] == [2, 1]
    assert [each.row for each in in_order([given(2), given(1)])] == [1, 2]
