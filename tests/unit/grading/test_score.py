"""Points: exact, whole or shared, in proportion, required, given back."""

from __future__ import annotations

from fractions import Fraction

import pytest

from torchgrade.checks.rule import RuleCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.grading.score import exact, score
from torchgrade.model.check import Check
from torchgrade.model.finding import CheckResult, Finding
from torchgrade.model.verdict import Verdict, worst

LETTERS = {"+": Verdict.ACCEPTED, "-": Verdict.WRONG_ANSWER, "?": Verdict.UNDECIDED, "t": Verdict.TIME_LIMIT_EXCEEDED}


def result(check: Check, verdicts: str) -> CheckResult:
    findings = tuple(Finding(case=str(place), verdict=LETTERS[letter]) for place, letter in enumerate(verdicts))
    return CheckResult(
        name=check.name,
        kind=check.kind,
        verdict=worst(finding.verdict for finding in findings),
        points=Fraction(0),
        max_points=exact(check.points),
        condition=check.is_condition(),
        findings=findings,
    )


def points(*looked_at: tuple[Check, str], worth: float = 0.0) -> list[Fraction]:
    checks = [check for check, _ in looked_at]
    return [each.points for each in score(checks, [result(*each) for each in looked_at], worth)]


def value(name: str = "value", **fields: object) -> Check:
    return ValueCheck(name=name, **fields)  # type: ignore[arg-type]


def rule(**fields: object) -> Check:
    return RuleCheck(name="rule", **fields)  # type: ignore[arg-type]


def test_points_are_the_decimals_of_the_file() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(1e-3) == Fraction(1, 1000)


@pytest.mark.parametrize(
    ("verdicts", "partial", "share"),
    [
        ("++++", False, Fraction(1)),
        ("+++-", False, Fraction(0)),
        ("+++-", True, Fraction(3, 4)),
        ("++?", False, Fraction(1)),
        ("+-?", True, Fraction(1, 2)),
        ("??", False, Fraction(0)),
        ("??", True, Fraction(0)),
        ("", False, Fraction(0)),
        ("t+", False, Fraction(0)),
    ],
)
def test_a_check_earns_whole_or_shared(verdicts: str, partial: bool, share: Fraction) -> None:
    assert points((value(points=2.0, partial=partial), verdicts)) == [2 * share]


@pytest.mark.parametrize(
    ("values", "ruled", "earned"),
    [
        ("+", "+", [3, 1]),
        ("-", "+", [0, 0]),
        ("+", "-", [3, 0]),
        ("+-+", "+", [2, Fraction(2, 3)]),
    ],
)
def test_conditions_earn_in_proportion(values: str, ruled: str, earned: list[Fraction]) -> None:
    assert points((value(points=3.0, partial=True), values), (rule(points=1.0), ruled)) == earned


def test_a_condition_alone_earns_by_itself() -> None:
    assert points((rule(points=2.0), "+")) == [2]


@pytest.mark.parametrize(("values", "earned"), [("+", 2), ("-", 0)])
def test_beside_checks_worth_nothing_a_condition_earns_all_or_nothing(values: str, earned: int) -> None:
    assert points((value(points=0.0), values), (rule(points=2.0), "+")) == [0, earned]


def test_without_a_required_check_all_is_lost() -> None:
    assert points((value(points=3.0), "+"), (rule(required=True), "-")) == [0, 0]
    assert points((value(points=3.0), "+"), (rule(required=True), "+")) == [3, 1]
    assert points((value(points=3.0), "+"), (value("other", required=True), "?")) == [3, 0]


def test_a_recognised_mistake_gives_a_share_back() -> None:
    assert points((value(points=3.0), "-"), (value("other"), "+"), worth=0.25) == [Fraction(3, 4), 1]
    assert points((value(points=3.0), "+"), (rule(required=True), "-"), worth=0.5) == [Fraction(3, 2), Fraction(1, 2)]
    assert points((value(points=3.0), "-"), worth=1) == [3]
