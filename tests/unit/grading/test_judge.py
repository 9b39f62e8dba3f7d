"""Attempts: from what was measured to points, causes and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from torchgrade.checks.gradient import GradientCheck
from torchgrade.checks.rule import RuleCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.grading.examine import Known, examine
from torchgrade.grading.judge import PRINTED, judge
from torchgrade.grading.plan import plan
from torchgrade.grading.resolved import Resolved
from torchgrade.grading.solutions import mistake_work
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Mistake, Python
from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.observation import Frame, Incident, IncidentKind, Measured
from torchgrade.model.probe import Probe, Source
from torchgrade.model.submission import Submission
from torchgrade.model.target import Targets
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict

Measure = Callable[..., Measured]
Changed = Callable[..., Exercise]
Grade = Callable[..., Attempt]


@pytest.fixture
def grade(
    exercise: Exercise, cases: tuple[Case, ...], submission: Submission, targets: Mapping[Probe, Targets]
) -> Grade:
    def graded(measured: Measured, mistakes: Mapping[str, Measured] | None = None, **changes: object) -> Attempt:
        handed_in = changes.get("submission", submission)
        asked = changes.get("exercise", exercise)
        assert isinstance(handed_in, Submission)
        assert isinstance(asked, Exercise)
        resolved = Resolved(exercise=asked, cases=cases, plan=plan(asked, cases), truth=targets)
        known = {
            mistake.id: _known(resolved, mistake_work(resolved, mistake).source, mistakes[mistake.id])
            for mistake in asked.mistakes
            if mistakes and mistake.id in mistakes
        }
        return judge(resolved, handed_in, measured, None if changes.get("silent") else known)

    return graded


def _known(resolved: Resolved, source: Source, measured: Measured) -> Known:
    return Known(source=source, measured=measured, examined=examine(resolved, source, measured))


def right(measure: Measure, **incidents: Incident) -> Measured:
    return measure(lambda x: x**2, lambda x: 2 * x, **incidents)


def doubled(measure: Measure) -> Measured:
    return measure(lambda x: 2 * x, lambda x: 2 + 0 * x)


def test_a_right_answer_earns_everything(grade: Grade, measure: Measure) -> None:
    attempt = grade(right(measure))
    assert (attempt.verdict, attempt.points, attempt.max_points) == (Verdict.ACCEPTED, 4, 4)
    assert (attempt.submitter, attempt.exercise, attempt.title) == (
        "alice",
        "topic/square",
        {"en": "Square", "zh": "平方"},
    )
    assert [check.name for check in attempt.checks] == ["value", "gradient"]
    assert [finding.case for finding in attempt.checks[0].findings] == ["the book's", "drawn 1", "drawn 2"]
    assert (attempt.file, attempt.line) == ("alice/s.py", 4)
    assert (attempt.exercise_digest, attempt.submission_digest, attempt.mistakes) == ("e1", "s1", ())


def test_a_wrong_answer_loses_its_check_and_has_a_pattern(grade: Grade, measure: Measure) -> None:
    attempt = grade(measure(lambda x: -(x**2), lambda x: 2 * x))
    value, gradient = attempt.checks
    assert (attempt.verdict, attempt.points) == (Verdict.WRONG_ANSWER, 1)
    assert (value.verdict, value.points, gradient.points) == (Verdict.WRONG_ANSWER, 0, 1)
    assert {finding.pattern for finding in value.findings} == {"sign"}
    assert value.findings[0].reproduction.startswith("import torch\nx = torch.tensor([1.0, 2.0])\n")
    assert value.findings[1].reproduction == ""


def test_a_pattern_must_fit_every_failing_case(grade: Grade, measure: Measure) -> None:
    attempt = grade(measure(lambda x: -(x**2) if x.size < 4 else x**3, lambda x: 2 * x))
    assert {finding.pattern for finding in attempt.checks[0].findings} == {""}


@pytest.mark.parametrize("factor", [1, 2])
def test_without_mistakes_verdicts_and_points_are_the_same(factor: int, grade: Grade, measure: Measure) -> None:
    measured = measure(lambda x: factor * x**2, lambda x: 2 * x)
    told, silent = grade(measured), grade(measured, silent=True)
    assert (silent.verdict, silent.points) == (told.verdict, told.points)
    assert [[(found.case, found.verdict, found.visible) for found in check.findings] for check in silent.checks] == [
        [(found.case, found.verdict, found.visible) for found in check.findings] for check in told.checks
    ]
    assert (silent == told) is (factor == 1)
    assert not any(found.feedback or found.pattern for check in silent.checks for found in check.findings)


def test_what_is_printed_in_hidden_cases_stays_there(grade: Grade, measure: Measure) -> None:
    assert grade(right(measure)).printed == "hello\n"
    long = replace(right(measure), printed={"the book's": "x" * 100_000})
    assert len(grade(long).printed) == PRINTED


def test_a_known_mistake_is_named_and_gives_points_back(grade: Grade, measure: Measure) -> None:
    attempt = grade(doubled(measure), {"doubled": doubled(measure)})
    assert (attempt.mistakes, attempt.points) == (("doubled",), 2)
    assert {finding.mistake for check in attempt.checks for finding in check.findings} == {"doubled"}
    said = attempt.checks[0].findings[0].feedback[0]
    assert (said.audience, said.rationale, said.help) == (Audience.STUDENT, "You doubled.", "Square.")


@pytest.mark.parametrize("other", [lambda x: 2 * x + 1e-3, lambda x: 3 * x])
def test_another_mistake_is_not_named(other: Callable[[object], object], grade: Grade, measure: Measure) -> None:
    attempt = grade(measure(other, lambda x: 2 + 0 * x), {"doubled": doubled(measure)})
    assert (attempt.mistakes, attempt.points) == ((), 0)


def test_a_right_answer_repeats_no_mistake(grade: Grade, measure: Measure) -> None:
    attempt = grade(right(measure), {"doubled": right(measure)})
    assert (attempt.mistakes, attempt.points) == ((), 4)


def test_the_first_mistake_that_fits_is_named(grade: Grade, measure: Measure, changed: Changed) -> None:
    first, second = (Mistake(id=name, says=Text((("en", name),)), function=Python("…")) for name in ("one", "two"))
    exercise = changed(mistakes=(first, second))
    both = {"two": doubled(measure), "one": doubled(measure)}
    assert grade(doubled(measure), both, exercise=exercise).mistakes == ("one",)


def test_a_mistake_may_break_rules_only(grade: Grade, measure: Measure, changed: Changed) -> None:
    loop = Python("def square(x):\n    for y in x: pass\n    return x**2")
    rule = RuleCheck(name="rule", forbid=("for",))
    exercise = changed(
        checks=(*changed().checks, rule), mistakes=(Mistake(id="loop", says=Text((("en", "A loop."),)), function=loop),)
    )
    source = Source(text="def square(x):\n    return torch.stack([y * y for y in x])\n", filename="s.py")
    submission = Submission(submitter="bob", path="s.py", source=source, digest="")
    attempt = grade(right(measure), {"loop": right(measure)}, exercise=exercise, submission=submission)
    assert (attempt.verdict, attempt.mistakes) == (Verdict.RULE_VIOLATION, ("loop",))
    assert (attempt.points, attempt.max_points, attempt.line) == (4, 5, 2)
    assert attempt.checks[2].condition


def test_conditions_earn_nothing_beside_nothing(grade: Grade, measure: Measure, changed: Changed) -> None:
    exercise = changed(checks=(*changed().checks, RuleCheck(name="rule", forbid=("for",))), mistakes=())
    attempt = grade(measure(lambda x: 0 * x, lambda x: 0 * x), exercise=exercise)
    assert (attempt.points, attempt.checks[2].verdict) == (0, Verdict.ACCEPTED)


def test_the_worst_verdict_counts(grade: Grade, measure: Measure) -> None:
    frames = (Frame(filename="s.py", line=5, function="square", text=""),)
    broken = Incident(kind=IncidentKind.EXCEPTION, message="secret 3.14", exception="ValueError", frames=frames)
    slow = Incident(kind=IncidentKind.TIME_LIMIT, message="")
    attempt = grade(right(measure, drawn_1=broken, drawn_2=slow))
    assert (attempt.verdict, attempt.points, attempt.line) == (Verdict.TIME_LIMIT_EXCEEDED, 0, 5)
    finding = attempt.checks[0].findings[1]
    student = [each.rationale for each in finding.feedback if each.audience is Audience.STUDENT]
    place = "in line 5 (`return x * x`). Seen in a drawn case with n = 3 in float32."
    assert student == [f"Your code raised `ValueError` {place}"]
    staff = [each.rationale for each in finding.feedback if each.audience is Audience.STAFF]
    assert staff[0] == "ValueError: secret 3.14"


def test_what_cannot_be_loaded_is_told_once(grade: Grade, measure: Measure) -> None:
    frames = (Frame(filename="s.py", line=2, function="", text=""),)
    incident = Incident(kind=IncidentKind.SYNTAX_ERROR, message="invalid syntax", frames=frames)
    attempt = grade(Measured(observations=dict.fromkeys(right(measure).observations, incident)))
    assert (attempt.verdict, attempt.points, attempt.max_points, attempt.line) == (Verdict.INVALID_SUBMISSION, 0, 4, 2)
    (finding,) = [finding for check in attempt.checks for finding in check.findings]
    assert [each.rationale for each in finding.feedback] == [
        "Python cannot read this file in line 2.",
        "invalid syntax",
    ]
    assert {check.verdict for check in attempt.checks} == {Verdict.INVALID_SUBMISSION}


def test_what_was_loaded_once_cannot_say_why_it_is_not_loaded_again(grade: Grade, measure: Measure) -> None:
    incident = Incident(kind=IncidentKind.IMPORT_ERROR, message="saw 7351", exception="Saw7351")
    attempt = grade(right(measure, drawn_1=incident))
    told = [feedback for check in attempt.checks for finding in check.findings for feedback in finding.feedback]
    assert attempt.verdict is Verdict.INVALID_SUBMISSION
    assert [each for each in told if "7351" in each.rationale and each.audience is Audience.STUDENT] == []
    assert any("7351" in each.rationale for each in told)


def test_what_could_not_be_read_is_told(grade: Grade, submission: Submission) -> None:
    problem = Incident(kind=IncidentKind.UNREADABLE, message="not UTF-8")
    attempt = grade(Measured(observations={}), submission=replace(submission, problem=problem))
    assert attempt.verdict is Verdict.INVALID_SUBMISSION
    assert attempt.checks[0].findings[0].feedback[0].rationale == "What was handed in cannot be graded."


def test_what_was_not_run_is_skipped(grade: Grade) -> None:
    attempt = grade(Measured(observations={}))
    assert (attempt.verdict, attempt.points) == (Verdict.SKIPPED, 0)


def test_a_check_that_looks_at_nothing_is_skipped(grade: Grade, measure: Measure, changed: Changed) -> None:
    checks = (ValueCheck(name="value"), GradientCheck(name="gradient", cases=("no such case",)))
    attempt = grade(right(measure), exercise=changed(checks=checks))
    assert [check.verdict for check in attempt.checks] == [Verdict.ACCEPTED, Verdict.SKIPPED]
    assert attempt.points == 1


def test_points_are_shared_where_the_check_says_so(grade: Grade, measure: Measure, changed: Changed) -> None:
    exercise = changed(checks=(ValueCheck(name="value", partial=True),), mistakes=())
    attempt = grade(measure(lambda x: x**2 if x.size < 4 else x, lambda x: x), exercise=exercise)
    assert attempt.points == Fraction(2, 3)
