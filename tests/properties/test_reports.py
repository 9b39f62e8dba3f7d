"""Laws of reports, on classes that nobody chose: all formats agree on points, and none tells students what is hidden.

What a format says of a total is the exact sum after the rounding that its writer declares.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.writers.pieces import FOR_STUDENTS, everything, rendered

from torchgrade.model.finding import Attempt, Audience, CheckResult, Comparison, Feedback, Finding, Grid, Stage
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict, worst

CANARY = "73519"
"""Stands wherever students may not look: in the seed, in what is for staff, in the numbers of hidden cases."""
HEADER = Header(versions={"torchgrade": "0.1.0"}, isolation="sandbox", seed=CANARY)
PEOPLE = ("ada", "ben", "cleo")
NEAR = Fraction(1, 2 * 10**6)
"""How far a number with six decimals is from the exact one, at most."""
Told = Mapping[str, tuple[object, object]]
"""By submitter: points, and points there are."""

SAID = Feedback(audience=Audience.STUDENT, rationale="It is wrong.", help="Look again.")
STAFF = Feedback(audience=Audience.STAFF, rationale=CANARY, help=CANARY)
WRONG = Comparison(stage=Stage.NUMBERS, outcome="result", mismatched=1, total=1, observed=CANARY, expected=CANARY)
GRID = Grid(shape=(1,), index=(0,), first=(0,), observed=(CANARY,), expected=(CANARY,), error=(CANARY,))
SEEN = Finding(case="by hand", verdict=Verdict.WRONG_ANSWER, feedback=(SAID, STAFF), line=2)
HIDDEN = Finding(
    case="drawn 1",
    verdict=Verdict.WRONG_ANSWER,
    visible=False,
    feedback=(SAID, STAFF),
    comparison=WRONG,
    grid=GRID,
    reproduction=CANARY,
)
RIGHT = Finding(case="by hand", verdict=Verdict.ACCEPTED)
OURS = Finding(case="by hand", verdict=Verdict.JUDGE_ERROR, feedback=(SAID, STAFF))
FINDINGS = st.sampled_from([(RIGHT,), (SEEN,), (HIDDEN,), (RIGHT, HIDDEN), (SEEN, HIDDEN), (OURS,)])
POINTS = st.builds(Fraction, st.integers(0, 40), st.integers(1, 12))
SHARES = st.sampled_from([Fraction(part, 7) for part in range(8)])


@st.composite
def checks(draw: st.DrawFn, name: str) -> CheckResult:
    most, findings = draw(POINTS), draw(FINDINGS)
    return CheckResult(
        name=name,
        kind="value",
        verdict=worst(each.verdict for each in findings),
        points=most * draw(SHARES),
        max_points=most,
        condition=draw(st.booleans()),
        findings=findings,
    )


@st.composite
def attempts(draw: st.DrawFn, submitter: str, exercise: str, *, bonus: bool) -> Attempt:
    found = tuple(draw(checks(name)) for name in ("value", "gradient")[: draw(st.integers(1, 2))])
    return Attempt(
        submitter=submitter,
        exercise=exercise,
        verdict=worst(check.verdict for check in found),
        points=sum((check.points for check in found), Fraction(0)),
        max_points=sum((check.max_points for check in found), Fraction(0)),
        bonus=bonus,
        checks=found,
        printed="seen\n",
    )


@st.composite
def classes(draw: st.DrawFn) -> tuple[Attempt, ...]:
    """Attempts as writers get them."""
    people = PEOPLE[: draw(st.integers(1, 3))]
    exercises = [(name, draw(st.booleans())) for name in ("a/a", "a/b", "b/c")[: draw(st.integers(1, 3))]]
    return tuple(draw(attempts(who, name, bonus=bonus)) for who in people for name, bonus in exercises)


def of_each(found: Iterable[Attempt]) -> dict[str, tuple[Attempt, ...]]:
    return {name: tuple(own) for name, own in groupby(found, key=lambda attempt: attempt.submitter)}


def exact(found: Iterable[Attempt]) -> dict[str, tuple[Fraction, Fraction]]:
    """By submitter, the sums without any rounding; a bonus is asked of nobody."""
    return {
        name: (
            sum((each.points for each in own), Fraction(0)),
            sum((each.max_points for each in own if not each.bonus), Fraction(0)),
        )
        for name, own in of_each(found).items()
    }


def cut(points: Fraction) -> str:
    """Two decimals, never more than was earned."""
    return f"{int(points * 100) / 100:.2f}".rstrip("0").rstrip(".")


def six(points: Fraction) -> float:
    return round(float(points), 6)


def hundredths(points: Fraction) -> int:
    return int(points * 100)


def of_json(report: str) -> Told:
    return {each["submitter"]: (each["points"], each["max_points"]) for each in json.loads(report)["totals"]}


def of_ctrf(report: str) -> Told:
    told = json.loads(report)["results"]["extra"]["totals"]
    return {each["submitter"]: (each["points"], each["max_points"]) for each in told}


def of_markdown(report: str) -> Told:
    return {
        name: (points, most) for name, points, most in re.findall(r"(?m)^\| (\w+) \| ([\d.]+) \| ([\d.]+) \|$", report)
    }


def of_terminal(report: str) -> Told:
    """The rows of sums; where nobody has two attempts there are none, and one row says it all, bonus or not."""
    rows = re.findall(r"(?m)^(\w+) +(\S+) .*? ([\d.]+) / ([\d.]+)$", report.split("\n\n✗")[0])
    sums = {name: (points, most) for name, what, points, most in rows if what == "total"}
    return sums or {name: (points, most) for name, _, points, most in rows}


def of_junit(report: str) -> Told:
    suites = ElementTree.fromstring(report)  # noqa: S314 - our own text
    values = {
        str(suite.get("name")): {each.get("name"): each.get("value") for each in suite.findall("properties/property")}
        for suite in suites
    }
    return {name: (each["points"], each["max_points"]) for name, each in values.items()}


CLASS: Mapping[str, tuple[Callable[[str], Told], Callable[[Fraction], object]]] = {
    "json": (of_json, six),
    "ctrf": (of_ctrf, six),
    "markdown": (of_markdown, cut),
    "terminal": (of_terminal, cut),
    "junit": (of_junit, cut),
}


@settings(max_examples=1_000, deadline=None)
@given(classes())
def test_all_formats_agree_on_the_points_and_none_tells_what_is_hidden(found: tuple[Attempt, ...]) -> None:
    sums = exact(found)
    for kind, (read, rounded) in CLASS.items():
        wanted = {name: (rounded(points), rounded(most)) for name, (points, most) in sums.items()}
        told = read(said(kind, found))
        if kind == "terminal" and len(found) == len(sums):  # a row of an attempt says what that is worth
            assert [points for points, _ in told.values()] == [points for points, _ in wanted.values()]
        else:
            assert told == wanted, kind
    of_rows(said("csv", found), sums)
    for name, own in of_each(found).items():
        of_gradescope(json.loads(said("gradescope", own)), *sums[name])
        of_classroom50(json.loads(said("classroom50", own)), *sums[name])
    said("github", found)


def said(kind: str, found: tuple[Attempt, ...]) -> str:
    """The report, which holds nothing hidden if it is for students."""
    report = rendered(kind, HEADER, found).decode()
    assert kind not in FOR_STUDENTS or CANARY not in report, kind
    return report


@settings(max_examples=1_000, deadline=None)
@given(classes())
def test_pages_agree_with_them(found: tuple[Attempt, ...]) -> None:
    """Apart, because a page is slow to make."""
    told = everything("html", HEADER, found)
    assert CANARY not in told
    shown = re.findall(r'<p class="sum"><strong>([\d.]+)</strong> <span>of ([\d.]+) points?</span>', told)
    assert shown == [(cut(points), cut(most)) for points, most in exact(found).values()]


def of_rows(report: str, sums: Mapping[str, tuple[Fraction, Fraction]]) -> None:
    rows = list(csv.DictReader(io.StringIO(report)))
    for name, (points, most) in sums.items():
        own = [row for row in rows if row["submitter"] == name]
        assert abs(sum(Fraction(row["points"]) for row in own) - points) <= NEAR * len(own)
        assert abs(sum(Fraction(row["max_points"]) for row in own if row["bonus"] == "0") - most) <= NEAR * len(own)


def of_gradescope(told: dict[str, Any], points: Fraction, most: Fraction) -> None:
    tests = told["tests"]
    assert told["score"] == six(points)
    assert abs(sum(Fraction(str(test["score"])) for test in tests) - points) <= NEAR * len(tests)
    assert abs(sum(Fraction(str(test["max_score"])) for test in tests) - most) <= NEAR * len(tests)


def of_classroom50(told: dict[str, Any], points: Fraction, most: Fraction) -> None:
    assert (told["score"], told["max-score"]) == (hundredths(min(points, most)), hundredths(most))
    scores = [test["score"] for test in told["tests"]]
    assert 0 <= hundredths(points) - sum(scores) < len(scores)
    assert all(test["score"] <= test["max-score"] for test in told["tests"])
