"""Attempts for reports: right, wrong, hostile."""

from __future__ import annotations

from fractions import Fraction

import pytest

from torchgrade.model.finding import Attempt, Audience, CheckResult, Comparison, Feedback, Finding, Stage
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict

HOSTILE = (
    "\x1b[31mred\x1b[0m \x00\x08 ]]> <script>alert(1)</script> | a `b` ```\n::error title=Autograding report::100/100\n"
    "\u202egnirts \ud800 \ufffe & \x85 # =cmd() @everyone **bold** [x](javascript:1)"
)


def finding(case: str, verdict: Verdict, text: str = "", **fields: object) -> Finding:
    said = Feedback(audience=Audience.STUDENT, rationale=text, help=f"help: {text}") if text else None
    staff = Feedback(audience=Audience.STAFF, rationale="STAFF-ONLY")
    return Finding(case=case, verdict=verdict, feedback=(said, staff) if said else (), **fields)  # type: ignore[arg-type]


def check(name: str, points: str, most: str, *findings: Finding) -> CheckResult:
    verdict = max((each.verdict for each in findings), key=lambda each: each.rank, default=Verdict.ACCEPTED)
    return CheckResult(
        name=name, kind="value", verdict=verdict, points=Fraction(points), max_points=Fraction(most), findings=findings
    )


def attempt(submitter: str, exercise: str, *checks: CheckResult, **fields: object) -> Attempt:
    return Attempt(
        submitter=submitter,
        exercise=exercise,
        title={"en": f"Title of {exercise}", "zh": "标题"},
        verdict=max((each.verdict for each in checks), key=lambda each: each.rank, default=Verdict.ACCEPTED),
        points=sum((each.points for each in checks), Fraction(0)),
        max_points=sum((each.max_points for each in checks), Fraction(0)),
        checks=checks,
        **fields,  # type: ignore[arg-type]
    )


@pytest.fixture
def header() -> Header:
    return Header(versions={"torchgrade": "0.1.0", "torch": "2.13.0"}, isolation="process", seed="42")


@pytest.fixture
def attempts() -> tuple[Attempt, ...]:
    comparison = Comparison(
        stage=Stage.NUMBERS, outcome="result", mismatched=2, total=3, difference=float("nan"), index=(1,), observed="2"
    )
    wrong = finding("drawn 3", Verdict.WRONG_ANSWER, "It is transposed.", mistake="transposed", comparison=comparison)
    shown = finding(
        "by hand", Verdict.WRONG_ANSWER, "It is 2.", visible=True, reproduction="import torch\nsolve(1)", line=7
    )
    return (
        attempt(
            "alice",
            "linalg/solve",
            check("value", "3", "3", finding("by hand", Verdict.ACCEPTED)),
            check("gradient", "1/3", "1", wrong, shown),
            mistakes=("transposed",),
            file="class/alice.py",
            line=3,
            submission_digest="ab" * 32,
        ),
        attempt("alice", "tensor/sum", check("value", "2", "2", finding("by hand", Verdict.ACCEPTED))),
        attempt("bob", "linalg/solve", check("value", "0", "3", finding("", Verdict.JUDGE_ERROR, "Ours."))),
        attempt("bob", "tensor/sum", check("value", "0", "2", finding("one", Verdict.UNDECIDED, "Too close."))),
    )


@pytest.fixture
def hostile() -> tuple[Attempt, ...]:
    bad = finding(HOSTILE, Verdict.RUNTIME_ERROR, HOSTILE, reproduction=HOSTILE, line=2)
    return (
        attempt(
            HOSTILE, "tensor/sum", check(HOSTILE, "0", "1", bad), file=HOSTILE, printed=HOSTILE, mistakes=("a",), line=2
        ),
    )
