"""What students are told of hidden cases, and when they get hints: staff is told everything, always."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from torchgrade.grading.discretion import hinted, withheld
from torchgrade.model.assignment import Hidden, Policy
from torchgrade.model.finding import Attempt, Audience, CheckResult, Code, Comparison, Feedback, Finding, Stage
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict
from torchgrade.writers.terminal import details

HINTS = (Text((("en", "Add."), ("zh", "加。"))), Text((("en", "Use sum."),)))


def finding(case: str, *, visible: bool, line: int = 0, part: str = "") -> Finding:
    return Finding(
        case=case,
        verdict=Verdict.WRONG_ANSWER,
        visible=visible,
        mistake="doubled",
        pattern="scaled",
        feedback=(
            Feedback(audience=Audience.STUDENT, rationale=f"{case} is doubled."),
            Feedback(audience=Audience.STAFF, rationale=f"{case} gave 4."),
        ),
        comparison=Comparison(stage=Stage.NUMBERS, mismatched=1, total=2),
        part=part,
        line=line,
    )


def attempt(*findings: Finding, verdict: Verdict = Verdict.WRONG_ANSWER) -> Attempt:
    check = CheckResult(
        name="value", kind="value", verdict=verdict, points=Fraction(0), max_points=Fraction(2), findings=findings
    )
    return Attempt(
        submitter="a",
        exercise="tensor/sum",
        verdict=verdict,
        points=check.points,
        max_points=check.max_points,
        mistakes=("doubled",),
        checks=(check,),
        line=3,
        code=Code(file="a.py", line=2, text="x"),
    )


SHOWN = finding("by hand", visible=True, line=3)
UNSEEN = finding("drawn 1", visible=False, line=9)


@pytest.mark.parametrize(
    ("hidden", "said", "unsaid"),
    [
        (Hidden.FEEDBACK, ("by hand is doubled", "drawn 1 is doubled"), ("gave 4",)),
        (Hidden.VERDICT, ("by hand is doubled", "drawn 1: This fails in a hidden case."), ("drawn 1 is", "gave 4")),
        (Hidden.NOTHING, ("by hand is doubled", "0 of 2 points"), ("drawn 1", "hidden", "gave 4")),
    ],
)
def test_what_a_student_reads(hidden: Hidden, said: tuple[str, ...], unsaid: tuple[str, ...]) -> None:
    visible = replace(SHOWN, pattern="other")
    text = details(withheld(attempt(visible, UNSEEN), hidden), colour=False)
    assert [word for word in said if word not in text] == []
    assert [word for word in unsaid if word in text] == []


@pytest.mark.parametrize("hidden", [Hidden.VERDICT, Hidden.NOTHING])
def test_staff_keeps_what_students_lose(hidden: Hidden) -> None:
    told = withheld(attempt(UNSEEN), hidden)
    (found,) = told.checks[0].findings
    staff = {each.rationale for each in found.feedback if each.audience is Audience.STAFF}
    assert staff == {"drawn 1 is doubled.", "drawn 1 gave 4."}
    assert (found.mistake, found.pattern, found.comparison, found.line, told.mistakes) == ("", "", None, 0, ())


@pytest.mark.parametrize("hidden", Hidden)
def test_verdicts_and_points_are_what_they_were(hidden: Hidden) -> None:
    before, after = attempt(SHOWN, UNSEEN), withheld(attempt(SHOWN, UNSEEN), hidden)
    assert (before.verdict, before.points, before.max_points) == (after.verdict, after.points, after.max_points)
    assert [each.verdict for each in after.checks[0].findings] == [Verdict.WRONG_ANSWER] * 2


@pytest.mark.parametrize(("line", "expected"), [(3, 3), (9, 0), (5, 5)])
def test_a_line_that_only_a_hidden_case_names_is_not_pointed_at(line: int, expected: int) -> None:
    told = withheld(replace(attempt(SHOWN, UNSEEN), line=line), Hidden.NOTHING)
    assert (told.line, told.code is None) == (expected, expected == 0)


@pytest.mark.parametrize(("cell", "expected"), [("hw.ipynb[cell 1]", 3), ("hw.ipynb[cell 2]", 0)])
@pytest.mark.parametrize("hidden", [Hidden.VERDICT, Hidden.NOTHING])
def test_nor_is_its_cell_though_a_visible_case_names_such_a_line_of_another(
    hidden: Hidden, cell: str, expected: int
) -> None:
    """Lines are counted in each cell anew."""
    seen = finding("by hand", visible=True, line=3, part="hw.ipynb[cell 1]")
    unseen = finding("drawn 1", visible=False, line=3, part="hw.ipynb[cell 2]")
    told = withheld(replace(attempt(seen, unseen), part=cell), hidden)
    assert (told.line, told.part, told.code is None) == (expected, cell if expected else "", not expected)
    assert [each.part for each in told.checks[0].findings] == ["hw.ipynb[cell 1]", ""]


@pytest.mark.parametrize(
    ("first", "number", "said"),
    [
        (None, 9, []),
        (3, 2, []),
        (3, 3, ["Hint: Add."]),
        (3, 4, ["Hint: Add.", "Hint: Use sum."]),
        (1, 9, ["Hint: Add.", "Hint: Use sum."]),
    ],
)
def test_hints_come_with_later_submissions(first: int | None, number: int, said: list[str]) -> None:
    told = hinted(attempt(SHOWN), HINTS, Policy(hints_after=first), number)
    given = [each.rationale for found in told.checks[0].findings for each in found.feedback]
    assert [each for each in given if each.startswith("Hint")] == said
    assert (told.points, told.verdict) == (0, Verdict.WRONG_ANSWER)


def test_hints_speak_the_language_of_the_report() -> None:
    assert "提示：加。" in details(hinted(attempt(SHOWN), HINTS, Policy(hints_after=1), 1, "zh"), colour=False)


def test_right_work_and_exercises_without_hints_get_none() -> None:
    right = attempt(verdict=Verdict.ACCEPTED)
    assert hinted(right, HINTS, Policy(hints_after=1), 5) is right
    assert hinted(attempt(SHOWN), (), Policy(hints_after=1), 5) == attempt(SHOWN)
