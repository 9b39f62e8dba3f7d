"""What a student may have of an attempt: of hidden cases no number, no reproduction and nothing that is for staff."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from torchgrade.grading.audience import Readable, for_students
from torchgrade.model.finding import Attempt, Audience, CheckResult, Comparison, Feedback, Finding, Grid, Stage
from torchgrade.model.verdict import Verdict

SAID = Feedback(
    audience=Audience.STUDENT, rationale="It is wrong. Seen in a drawn case with n = 3.", help="Look again."
)
STAFF = Feedback(audience=Audience.STAFF, rationale="73519")
NUMBERS = Comparison(
    stage=Stage.NUMBERS,
    outcome="gradient of result in x",
    mismatched=2,
    total=3,
    difference=73519.0,
    relative=73519.0,
    index=(73519,),
    observed="73519",
    expected="73519",
    allowed=73519.0,
)
GRID = Grid(shape=(1,), index=(0,), first=(0,), observed=("73519",), expected=("73519",), error=("73519",))
FULL = Finding(
    case="drawn 1",
    verdict=Verdict.WRONG_ANSWER,
    visible=False,
    mistake="negated",
    pattern="sign",
    feedback=(SAID, STAFF),
    comparison=NUMBERS,
    grid=GRID,
    reproduction="f(73519)",
    part="hw1.ipynb[cell 2]",
    line=7,
)


def attempt(finding: Finding) -> Attempt:
    one = Fraction(1)
    check = CheckResult(
        name="value", kind="value", verdict=finding.verdict, points=one, max_points=one, findings=(finding,)
    )
    return Attempt(
        submitter="eve", exercise="a/b", verdict=finding.verdict, points=one, max_points=one, checks=(check,), line=7
    )


def told(finding: Finding) -> Finding:
    (check,) = for_students(attempt(finding)).checks
    (found,) = check.findings
    return found


def test_of_a_hidden_case_its_kind_its_words_and_the_line_are_left() -> None:
    left = replace(
        FULL,
        feedback=(SAID,),
        comparison=Comparison(stage=Stage.NUMBERS, outcome="gradient of result in x"),
        grid=None,
        reproduction="",
    )
    assert told(FULL) == left
    assert "73519" not in repr(for_students(attempt(FULL)))


@pytest.mark.parametrize("stage", [Stage.STRUCTURE, Stage.TYPE, Stage.SHAPE, Stage.DTYPE])
def test_an_outcome_that_a_submission_may_have_named_is_not_told(stage: Stage) -> None:
    assert (
        told(replace(FULL, comparison=replace(NUMBERS, stage=stage, outcome="result['saw73519']"))).comparison is None
    )


def test_of_a_visible_case_all_is_told_but_what_is_for_staff() -> None:
    shown = replace(FULL, visible=True)
    assert told(shown) == replace(shown, feedback=(SAID,))


def test_points_and_verdicts_are_what_they_were() -> None:
    before, after = attempt(FULL), for_students(attempt(FULL))
    assert (after.points, after.max_points, after.verdict, after.line) == (1, 1, before.verdict, 7)


def test_staff_read_everything_and_as_often_as_they_like() -> None:
    seen = Readable([attempt(FULL)], Audience.STAFF)
    assert list(seen) == list(seen) == [attempt(FULL)]
    assert list(Readable([attempt(FULL)], Audience.STUDENT)) == [for_students(attempt(FULL))]
