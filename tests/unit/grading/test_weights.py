"""An assignment's weights: every sum agrees, exactly; bonuses and limits are carried."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from torchgrade.grading.weights import limited, weighed, worths
from torchgrade.model.assignment import Assignment, Item
from torchgrade.model.finding import Attempt, CheckResult
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict
from torchgrade.spec.load import load_text
from torchgrade.writers.totals import totals

TITLE = Text((("en", "T"),))
EXERCISE = load_text(
    "schema: 1\ntitle: T\ntask: T\nentrypoint: f\nparameters: {x: [n]}\nreference: sum(x)\n"
    "cases: [{name: one, inputs: {x: [1, 2]}, expected: 3}]\nchecks: [{kind: value, points: 0.1}, gradient]\n",
    "sum.yaml",
    "tensor/sum",
)


def check(points: Fraction, most: Fraction) -> CheckResult:
    return CheckResult(name="value", kind="value", verdict=Verdict.WRONG_ANSWER, points=points, max_points=most)


def attempt(*shares: tuple[int, int]) -> Attempt:
    checks = tuple(check(Fraction(got), Fraction(most)) for got, most in shares)
    return Attempt(
        submitter="a",
        exercise="tensor/sum",
        verdict=Verdict.WRONG_ANSWER,
        points=sum((each.points for each in checks), Fraction(0)),
        max_points=sum((each.max_points for each in checks), Fraction(0)),
        checks=checks,
    )


@pytest.mark.parametrize(
    ("shares", "points", "expected"),
    [
        (((1, 3), (0, 4)), 7.0, Fraction(1)),
        (((1, 3), (0, 4)), 0.1, Fraction(1, 70)),
        (((1, 3), (4, 4)), 1 / 4, Fraction(5, 28)),
        (((0, 3),), 2.0, Fraction(0)),
    ],
)
def test_points_are_shared_out_check_by_check(
    shares: tuple[tuple[int, int], ...], points: float, expected: Fraction
) -> None:
    given = weighed(attempt(*shares), Item(exercise="tensor/sum", points=points))
    assert given.points == expected == sum(each.points for each in given.checks)
    assert given.max_points == Fraction(str(points)) == sum(each.max_points for each in given.checks)


def test_without_points_an_exercise_keeps_its_own() -> None:
    assert weighed(attempt((1, 3)), Item(exercise="tensor/sum")) == attempt((1, 3))


def test_what_is_worth_nothing_stays_so() -> None:
    assert weighed(attempt((0, 0)), Item(exercise="tensor/sum", points=3)).max_points == 0


def test_a_bonus_adds_points_and_is_asked_of_nobody() -> None:
    bonus = weighed(attempt((2, 2)), Item(exercise="tensor/sum", points=1, bonus=True))
    (total,) = totals([attempt((1, 3)), bonus])
    assert (total.points, total.max_points) == (2, 3)


def test_an_exercise_is_worth_its_checks_unless_the_assignment_says_otherwise() -> None:
    other = replace(EXERCISE, id="tensor/other")
    items = (Item(exercise="tensor/other", points=0.3), Item(exercise="tensor/sum"))
    found = worths(Assignment(id="w", title=TITLE, exercises=items), [EXERCISE, other])
    assert list(found.items()) == [("tensor/other", Fraction(3, 10)), ("tensor/sum", Fraction(11, 10))]


def test_limits_that_are_given_replace_those_of_the_exercise_and_change_its_digest() -> None:
    def under(**limits: float) -> Assignment:
        return Assignment(id="w", title=TITLE, exercises=(Item(exercise="tensor/sum"),), limits=limits)

    found = limited(EXERCISE, under(seconds=7))
    assert (found.limits.seconds, found.limits.megabytes) == (7, EXERCISE.limits.megabytes)
    assert len({EXERCISE.digest, found.digest, limited(EXERCISE, under(seconds=8)).digest}) == 3
    assert limited(EXERCISE, under()) == limited(EXERCISE, under(seconds=2)) == EXERCISE
