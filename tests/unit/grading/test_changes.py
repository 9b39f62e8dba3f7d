"""What a regrade changes: by how much, because of which check, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from torchgrade.grading.changes import Change, by_effect, change, regraded, summary
from torchgrade.model.assignment import Assignment, Item, Keep, Policy
from torchgrade.model.history import CheckScore, HandedIn, Override, Result, Student
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict
from torchgrade.writers.changes import changes, told

WORTHS = {"a": Fraction(2), "b": Fraction(3)}
BEST = Assignment(
    id="w",
    title=Text((("en", "W"),)),
    exercises=(Item(exercise="a"), Item(exercise="b")),
    policy=Policy(keep=Keep.BEST),
)
RIGHT, WRONG, FAILED = Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.JUDGE_ERROR


def result(exercise: str, *scores: tuple[int, int], verdict: Verdict = WRONG) -> Result:
    """Of checks `value`, `gradient`, …: points and most of each."""
    names = ("value", "gradient", "rule")
    checks = tuple(
        CheckScore(name=name, verdict=RIGHT if got == most else WRONG, points=Fraction(got), max_points=Fraction(most))
        for name, (got, most) in zip(names, scores, strict=False)
    )
    return Result(
        exercise=exercise,
        key="k",
        verdict=verdict,
        points=sum((each.points for each in checks), Fraction(0)),
        max_points=sum((each.max_points for each in checks), Fraction(0)),
        checks=checks,
    )


OLD = (result("a", (1, 1), (0, 1)), result("b", (0, 1)))


def student(*results: Sequence[Result], overrides: tuple[Override, ...] = (), name: str = "ada") -> Student:
    handed_in = tuple(
        HandedIn(row=row, place=row, digest="d", path="p", results=tuple(given)) for row, given in enumerate(results, 1)
    )
    return Student(submitter=name, handed_in=handed_in, overrides=overrides)


def changed(before: Student, *new: Result, row: int = 1) -> Change | None:
    return change(BEST, WORTHS, before, regraded(before, {row: new}))


@pytest.mark.parametrize(
    ("new", "effect", "causes"),
    [
        ((result("a", (1, 1), (1, 1), verdict=RIGHT),), 1, ["gradient"]),
        ((result("a", (0, 1), (0, 1)),), -1, ["value"]),
        ((result("a", (1, 1), (0, 3)),), Fraction(-1, 2), ["gradient"]),
        ((result("a", (1, 1)),), 1, ["gradient"]),
        ((result("a", (1, 1), (0, 1), (2, 2)),), Fraction(1, 2), ["rule"]),
        ((result("a", (1, 1), (0, 1)), result("b", (1, 1))), 3, ["value"]),
    ],
    ids=["fixed", "lost", "weighted", "a check less", "a check more", "another exercise"],
)
def test_the_check_that_changed_is_named(new: tuple[Result, ...], effect: Fraction, causes: list[str]) -> None:
    found = changed(student(OLD), *new)
    assert found is not None
    assert (found.effect, [each.check for each in found.causes]) == (effect, causes)


def test_equal_results_change_nobody() -> None:
    assert changed(student(OLD), *OLD) is None


def test_what_we_failed_to_grade_changes_nobody() -> None:
    assert changed(student(OLD), result("a", (0, 1), (0, 1), verdict=FAILED)) is None


def test_a_first_result_is_a_change() -> None:
    found = changed(student(()), result("a", (1, 1)))
    assert found is not None
    assert found.causes[0].before is None


def test_another_submission_may_count_afterwards() -> None:
    found = changed(student(OLD, (result("a", (0, 1)),)), result("a", (1, 1)), result("b", (1, 1)), row=2)
    assert found is not None
    assert found.after.counted is not None
    assert (found.after.counted.place, found.effect) == (2, 4)
    assert "submission 2 counts, in place of 1" in changes([found])


def test_a_decision_stays_where_it_is() -> None:
    decided = Override(points=Fraction(4), reason="r", who="t")
    found = changed(student(OLD, overrides=(decided,)), result("a", (1, 1), (1, 1)))
    assert found is not None
    assert (found.effect, found.after.total, found.after.earned) == (0, 4, 2)
    assert "what was decided stays: in all" in changes([found])


def named(name: str, new: Result) -> Change:
    found = changed(student(OLD, name=name), new)
    assert found is not None
    return found


UP, DOWN = result("a", (1, 1), (1, 1)), result("a", (0, 1), (0, 1))


def test_the_greatest_change_comes_first() -> None:
    found = [named("eve", UP), named("bob", UP), named("cy", DOWN), named("dan", result("b", (1, 1)))]
    assert [each.before.submitter for each in by_effect(found)] == ["dan", "cy", "bob", "eve"]


@pytest.mark.parametrize(
    ("found", "students", "said"),
    [
        ([], 1, "none of 1 student changes"),
        ([], 60, "none of 60 students changes"),
        ([named("a", UP)], 60, "1 of 60 students changes: 1 up, 0 down; because of gradient of a"),
        (
            [named("a", UP), named("b", UP), named("c", DOWN)],
            60,
            "3 of 60 students change: 2 up, 1 down; because of gradient of a, value of a",
        ),
    ],
)
def test_a_summary_says_how_many_and_because_of_what(found: list[Change], students: int, said: str) -> None:
    assert told(summary(found, students)) == said


def test_the_table_has_a_row_for_each_cause() -> None:
    lines = changes([named("ada\n\x1b[31m", UP)]).splitlines()
    assert lines[0].split() == ["student", "before", "after", "change", "because", "of"]
    assert lines[1].split(maxsplit=4) == ["ada", "1", "2", "+1", "gradient of a: wrong answer 0/1 → accepted 1/1"]
