"""Laws of the gradebook, on classes that nobody chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from torchgrade.grading.gradebook import row
from torchgrade.grading.weights import weighed
from torchgrade.model.assignment import Assignment, Item, Keep, Late, Policy
from torchgrade.model.finding import Attempt, CheckResult
from torchgrade.model.history import HandedIn, Override, Result, Student
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict

NAMES = ("a", "b", "c")
POINTS = st.fractions(0, 10, max_denominator=12)
MOMENTS = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: f"{moment.replace(microsecond=0).isoformat()}+00:00"
)
WORTHS = st.fixed_dictionaries({name: st.fractions("1/7", 9, max_denominator=9) for name in NAMES})


@st.composite
def results(draw: st.DrawFn) -> tuple[Result, ...]:
    found = []
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=5)):
        most = draw(st.fractions("1/3", 10, max_denominator=12))
        points = most * draw(st.fractions(0, 1, max_denominator=12))
        found.append(Result(exercise=name, key="k", verdict=Verdict.WRONG_ANSWER, points=points, max_points=most))
    return tuple(found)


@st.composite
def students(draw: st.DrawFn) -> Student:
    handed_in = [
        HandedIn(row=place, place=place, submitted=draw(MOMENTS), digest="d", path="p", results=draw(results()))
        for place in range(1, draw(st.integers(0, 4)) + 1)
    ]
    return Student(submitter="ada", handed_in=tuple(handed_in))


@st.composite
def assignments(draw: st.DrawFn) -> Assignment:
    days = sorted(draw(st.sets(st.integers(1, 300), max_size=3)))
    keeps = sorted(draw(st.lists(st.floats(0, 1), min_size=len(days), max_size=len(days))), reverse=True)
    policy = Policy(attempts=draw(st.none() | st.integers(1, 4)), keep=draw(st.sampled_from(Keep)))
    return Assignment(
        id="w",
        title=Text((("en", "W"),)),
        exercises=tuple(Item(exercise=name, bonus=draw(st.booleans())) for name in NAMES),
        due=draw(MOMENTS),
        late=tuple(Late(days=day, keeps=keep) for day, keep in zip(days, keeps, strict=True)),
        policy=policy,
    )


@given(assignments(), WORTHS, students())
def test_lateness_never_raises_points(asked: Assignment, worths: dict[str, Fraction], student: Student) -> None:
    patient = replace(asked, late=())
    assert row(asked, worths, student).total <= row(patient, worths, student).total
    for cell in row(asked, worths, student).cells:
        assert 0 <= cell.earned <= cell.raw <= cell.most


@given(assignments(), WORTHS, students())
def test_the_best_is_no_worse_than_the_last(asked: Assignment, worths: dict[str, Fraction], student: Student) -> None:
    best = replace(asked, policy=replace(asked.policy, keep=Keep.BEST))
    last = replace(asked, policy=replace(asked.policy, keep=Keep.LAST))
    assert row(best, worths, student).total >= row(last, worths, student).total


@given(assignments(), WORTHS, students(), st.sampled_from(NAMES), POINTS)
def test_a_decision_touches_one_cell(
    asked: Assignment, worths: dict[str, Fraction], student: Student, exercise: str, points: Fraction
) -> None:
    decided = Override(exercise=exercise, points=points, reason="r", who="t")
    before, after = row(asked, worths, student), row(asked, worths, replace(student, overrides=(decided,)))
    changed = [new for old, new in zip(before.cells, after.cells, strict=True) if old != new]
    assert [cell.exercise for cell in changed] == [exercise]
    old = next(cell.points for cell in before.cells if cell.exercise == exercise)
    assert after.total - before.total == points - old
    withdrawn = replace(decided, points=None)
    assert row(asked, worths, replace(student, overrides=(decided, withdrawn))) == before


@given(st.lists(st.tuples(POINTS, POINTS), min_size=1), st.floats(0.01, 1000))
def test_weights_keep_all_sums(shares: list[tuple[Fraction, Fraction]], worth: float) -> None:
    checks = tuple(
        CheckResult(name="c", kind="value", verdict=Verdict.WRONG_ANSWER, points=min(pair), max_points=max(pair))
        for pair in shares
    )
    points, most = sum(each.points for each in checks), sum(each.max_points for each in checks)
    attempt = Attempt(
        submitter="a",
        exercise="a",
        verdict=Verdict.WRONG_ANSWER,
        points=Fraction(points),
        max_points=Fraction(most),
        checks=checks,
    )
    found = weighed(attempt, Item(exercise="a", points=worth))
    assert found.points == sum(each.points for each in found.checks)
    assert found.max_points == sum(each.max_points for each in found.checks) == (Fraction(str(worth)) if most else 0)
