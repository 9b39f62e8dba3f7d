"""The first case is asked again last: what counts as the same answer, and how little is said where it is another."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from torchgrade.checks.property import PropertyCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.grading.judge import judge
from torchgrade.grading.plan import plan
from torchgrade.grading.repeat import AGAIN, asked_again
from torchgrade.grading.resolved import Resolved
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Formula
from torchgrade.model.finding import Attempt
from torchgrade.model.observation import Derivatives, Incident, IncidentKind, Measured, Snapshot
from torchgrade.model.probe import Plan, Probe, ProbeOp
from torchgrade.model.submission import Submission
from torchgrade.model.target import Targets
from torchgrade.model.value import Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.model.verdict import Verdict

Measure = Callable[..., Measured]
Changed = Callable[..., Exercise]
Again = Callable[..., Attempt]


@pytest.fixture
def right(measure: Measure) -> Measured:
    return measure(lambda x: x**2, lambda x: 2 * x)


@pytest.fixture
def again(
    cases: tuple[Case, ...], submission: Submission, targets: Mapping[Probe, Targets], right: Measured
) -> Callable[..., Attempt]:
    """A right answer graded, whose repeat is changed."""

    def graded(exercise: Exercise, change: Callable[[object], object], *also: tuple[str, object]) -> Attempt:
        made = plan(exercise, cases)
        answers = dict(right.observations)
        answers |= {probe: answer for name, answer in also for probe in answers if probe.case == name}
        answers |= {probe: change(answers[probe]) for probe in answers if probe.case == AGAIN}
        resolved = Resolved(exercise=exercise, cases=cases, plan=made, truth=targets)
        return judge(resolved, submission, replace(right, observations=answers), {})

    return graded


def returned(change: Callable[[Tensor], Value]) -> Callable[[object], object]:
    """What changes the value that is returned, and nothing of the derivatives."""

    def changed(answer: object) -> object:
        return replace(answer, returned=change(answer.returned)) if isinstance(answer, Snapshot) else answer

    return changed


def first_byte(tensor: Tensor) -> Tensor:
    return replace(tensor, data=bytes([tensor.data[0] ^ 1]) + tensor.data[1:])


def test_the_first_case_is_asked_again_last(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    made = plan(exercise, cases)
    assert [case.name for case in made.cases] == ["the book's", "drawn 1", "drawn 2", AGAIN]
    assert made.cases[-1] == replace(cases[0], name=AGAIN, visible=False)
    first = [replace(probe, case=AGAIN) for probe in made.probes if probe.case == "the book's"]
    assert [probe for probe in made.probes if probe.case == AGAIN] == first


def test_chance_that_is_declared_is_asked_once(changed: Changed, cases: tuple[Case, ...]) -> None:
    assert all(probe.case != AGAIN for probe in plan(changed(random=True), cases).probes)


def test_an_empty_plan_has_no_repeat(exercise: Exercise) -> None:
    empty = plan(exercise, ())
    assert asked_again(empty) == empty == replace(empty, cases=(), probes=())


def test_a_steady_answer_is_accepted(again: Again, exercise: Exercise) -> None:
    attempt = again(exercise, lambda answer: answer)
    assert (attempt.verdict, attempt.points) == (Verdict.ACCEPTED, 4)


@pytest.mark.parametrize(
    "same",
    [
        lambda tensor: replace(tensor, storage=7, identity=9),
        lambda tensor: replace(tensor, is_contiguous=False, is_leaf=False, requires_grad=True),
    ],
)
def test_where_an_answer_lies_is_no_part_of_it(
    same: Callable[[Tensor], Tensor], again: Again, exercise: Exercise
) -> None:
    assert again(exercise, returned(same)).verdict is Verdict.ACCEPTED


def test_one_bit_is_enough(again: Again, exercise: Exercise) -> None:
    attempt = again(exercise, returned(first_byte))
    value, gradient = attempt.checks
    assert (value.verdict, value.points, gradient.verdict) == (Verdict.WRONG_ANSWER, 0, Verdict.ACCEPTED)
    first, *others = value.findings
    assert (first.case, first.visible, first.verdict) == ("the book's", True, Verdict.WRONG_ANSWER)
    assert [finding.verdict for finding in others] == [Verdict.ACCEPTED] * 2
    (told,) = first.feedback
    assert told.rationale == "Asked the same again at the end, your function answered something else than at first."
    assert "torch.empty" in told.help
    assert (first.comparison, first.reproduction, first.line) == (None, "", 0)


def test_derivatives_are_asked_again_too(again: Again, exercise: Exercise) -> None:
    def doubled(answer: object) -> object:
        if not isinstance(answer, Derivatives):
            return answer
        return replace(answer, product={name: first_byte(each) for name, each in answer.product.items() if each})

    assert [check.verdict for check in again(exercise, doubled).checks] == [Verdict.ACCEPTED, Verdict.WRONG_ANSWER]


def test_what_is_left_in_the_parameters_is_asked_again_too(again: Again, exercise: Exercise) -> None:
    def left(answer: object) -> object:
        return replace(answer, after={"x": first_byte(answer.after["x"])}) if isinstance(answer, Snapshot) else answer

    assert again(exercise, left).checks[0].verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (IncidentKind.EXCEPTION, Verdict.RUNTIME_ERROR),
        (IncidentKind.TIME_LIMIT, Verdict.TIME_LIMIT_EXCEEDED),
        (IncidentKind.OUR_FAULT, Verdict.JUDGE_ERROR),
        (IncidentKind.NOT_RUN, Verdict.SKIPPED),
    ],
)
def test_an_incident_of_the_repeat_counts_and_says_nothing(
    kind: IncidentKind, verdict: Verdict, again: Again, exercise: Exercise
) -> None:
    incident = Incident(kind=kind, message="saw 7351", exception="Saw7351", bases=("Exception",))
    attempt = again(exercise, lambda answer: incident)
    assert (attempt.verdict, attempt.points) == (verdict, 0)
    assert "7351" not in repr(attempt)
    assert attempt.checks[0].findings[0].feedback[0].rationale.startswith("Asked the same again at the end")


def test_what_died_before_is_not_asked_again(again: Again, exercise: Exercise) -> None:
    incident = Incident(kind=IncidentKind.NOT_RUN, message="")
    crash = Incident(kind=IncidentKind.CRASHED, message="")
    attempt = again(exercise, lambda answer: incident, ("drawn 2", crash))
    verdicts = [finding.verdict for finding in attempt.checks[0].findings]
    assert verdicts == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.RUNTIME_ERROR]


def test_what_is_wrong_at_first_keeps_its_own_words(
    again: Again, exercise: Exercise, measure: Measure, right: Measured
) -> None:
    wrong = next(iter(measure(lambda x: x + 1, lambda x: 2 * x).observations.values()))
    attempt = again(exercise, returned(first_byte), ("the book's", wrong))
    assert not attempt.checks[0].findings[0].feedback[0].rationale.startswith("Asked the same again")


@pytest.mark.parametrize(("storage", "verdict"), [(5, Verdict.ACCEPTED), (0, Verdict.WRONG_ANSWER)])
def test_a_condition_must_hold_again_whatever_the_numbers(
    storage: int, verdict: Verdict, changed: Changed, again: Again, right: Measured
) -> None:
    shares = PropertyCheck(name="shared", holds=Formula("shares_memory(result, x)"))
    exercise = changed(checks=(ValueCheck(name="value"), shares))

    def placed(answer: object, at: int = 5) -> object:
        if not isinstance(answer, Snapshot):
            return answer
        kept = {"x": replace(answer.after["x"], storage=5)}
        return replace(answer, returned=replace(answer.returned, storage=at), after=kept)

    shared = [(probe.case, placed(answer)) for probe, answer in right.observations.items() if probe.op is ProbeOp.VALUE]
    attempt = again(exercise, lambda answer: placed(answer, storage), *shared)
    assert [check.verdict for check in attempt.checks] == [Verdict.ACCEPTED, verdict]


def nan(last: int) -> Scalar:
    (number,) = struct.unpack("<d", bytes([last, 0, 0, 0, 0, 0, 0xF8, 0x7F]))
    return Scalar(type=ScalarType.FLOAT, value=number)


def number(value: float | complex | str) -> Scalar:
    return Scalar(type=ScalarType(type(value).__name__), value=value)


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        (nan(1), nan(1), Verdict.ACCEPTED),
        (nan(1), nan(2), Verdict.WRONG_ANSWER),
        (number(0.0), number(-0.0), Verdict.WRONG_ANSWER),
        (number(1 + 0j), number(complex(1, -0.0)), Verdict.WRONG_ANSWER),
        (number("a"), number("b"), Verdict.WRONG_ANSWER),
        (Series(type="list", items=(nan(1),)), Series(type="list", items=(nan(1),)), Verdict.ACCEPTED),
        (Series(type="list", items=(nan(1),)), Series(type="tuple", items=(nan(1),)), Verdict.WRONG_ANSWER),
        (Record(items=(("a", nan(1)),)), Record(items=(("a", nan(1)),)), Verdict.ACCEPTED),
        (Record(items=(("a", nan(1)),)), Record(items=(("a", nan(3)),)), Verdict.WRONG_ANSWER),
    ],
)
def test_numbers_are_compared_by_their_bits(
    first: Value, last: Value, verdict: Verdict, changed: Changed, again: Again, right: Measured
) -> None:
    exercise = changed(checks=(PropertyCheck(name="p", holds=Formula("all(x.after == x) and n > 0")),))
    snapshots = [
        (probe.case, replace(answer, returned=first))
        for probe, answer in right.observations.items()
        if isinstance(answer, Snapshot) and probe.case != AGAIN
    ]
    assert math.isnan(nan(1).value)
    assert again(exercise, returned(lambda _: last), *snapshots).verdict is verdict


def test_a_plan_knows_no_answers(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    made = plan(exercise, cases)
    assert isinstance(made, Plan)
    assert {probe.case for probe in made.probes} == {case.name for case in made.cases}
