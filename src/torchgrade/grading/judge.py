"""An Attempt out of what was measured: judgements, causes, points and words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from torchgrade.checks.incidents import stopped
from torchgrade.checks.usage import line_of as line_of_name
from torchgrade.grading.diagnose import pattern, recognise
from torchgrade.grading.examine import Examined, Known, examine
from torchgrade.grading.excerpt import excerpt
from torchgrade.grading.feedback import Cause, finding, line_of, spoken, verdict_only
from torchgrade.grading.grid import grid
from torchgrade.grading.located import located
from torchgrade.grading.reproduction import reproduction
from torchgrade.grading.resolved import Resolved
from torchgrade.grading.score import exact, score
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise, Mistake
from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback, Finding, Judgement
from torchgrade.model.observation import Incident, Measured
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict, worst

PRINTED = 64 * 1024


def judge(
    resolved: Resolved, submission: Submission, measured: Measured, mistakes: Mapping[str, Known] | None = None
) -> Attempt:
    """Grade one submission; `mistakes` holds what the known mistakes did in the same plan, if they could be run.

    Without `mistakes` at all, nobody will read why something is wrong, and it is not looked for.
    """
    exercise = resolved.exercise
    problem = submission.problem or fatal(measured)
    if problem is not None:
        return _attempt(exercise, submission, _invalid(exercise, stopped(problem, exercise, submission.source)))
    examined = examine(resolved, submission.source, measured)
    mistake = _mistake(resolved, examined, mistakes or {})
    results = _results(exercise, examined, mistake, None if mistakes is None else measured)
    scored = score(exercise.checks, results, mistake.worth if mistake else 0.0)
    printed = "".join(measured.printed.get(case.name, "") for case in resolved.cases if case.visible)
    return _attempt(exercise, submission, scored, printed=printed[:PRINTED])


def fatal(measured: Measured) -> Incident | None:
    """What keeps the file from being graded at all: it is told once, not for every case, and in full.

    A file that was read once can be graded: what it says when it is read again, after a crash, is no such Incident.
    """
    answers = list(measured.observations.values())
    first = next(iter(answers), None)
    if not isinstance(first, Incident) or first.verdict is not Verdict.INVALID_SUBMISSION:
        return None
    return first if all(isinstance(each, Incident) and each.verdict is first.verdict for each in answers) else None


def _invalid(exercise: Exercise, judgement: Judgement) -> tuple[CheckResult, ...]:
    """Every check without points, and one Finding on the first."""
    student = Feedback(audience=Audience.STUDENT, rationale=judgement.rationale, help=judgement.help)
    details = Feedback(audience=Audience.STUDENT, rationale=judgement.values)
    found = Finding(
        case="",
        verdict=judgement.verdict,
        feedback=tuple(
            spoken(each, exercise.language) for each in ((student, details) if judgement.values else (student,))
        ),
        line=line_of(judgement),
    )
    return tuple(
        _result(check, judgement.verdict, (found,) if position == 0 else ())
        for position, check in enumerate(exercise.checks)
    )


def _result(check: Check, verdict: Verdict, findings: tuple[Finding, ...]) -> CheckResult:
    return CheckResult(
        name=check.name,
        kind=check.kind,
        verdict=verdict,
        points=Fraction(0),
        max_points=exact(check.points),
        condition=check.is_condition(),
        observed=check.is_observed(),
        findings=findings,
    )


def _results(
    exercise: Exercise, examined: Sequence[Examined], mistake: Mistake | None, measured: Measured | None
) -> tuple[CheckResult, ...]:
    """Each check with its findings; points come later, and why, only if what was measured is given."""
    return tuple(
        _checked(exercise, [each for each in examined if each.check is check], mistake, measured)
        if any(each.check is check for each in examined)
        else _result(check, Verdict.SKIPPED, ())
        for check in exercise.checks
    )


def _checked(
    exercise: Exercise, examined: Sequence[Examined], mistake: Mistake | None, measured: Measured | None
) -> CheckResult:
    findings = tuple(map(verdict_only, examined)) if measured is None else _told(exercise, examined, mistake, measured)
    return _result(examined[0].check, worst(each.verdict for each in findings), findings)


def _told(
    exercise: Exercise, examined: Sequence[Examined], mistake: Mistake | None, measured: Measured
) -> tuple[Finding, ...]:
    """What is wrong, why, and how to see it oneself."""
    failures = [each for each in examined if each.judgement.verdict is Verdict.WRONG_ANSWER]
    cause = Cause(mistake=mistake, diagnosis=pattern(failures))
    findings = tuple(finding(each, cause, _shown(exercise, each, measured), exercise.language) for each in examined)
    return _with_grid(examined, findings)


def _shown(exercise: Exercise, examined: Examined, measured: Measured) -> str:
    return "" if examined.accepted else reproduction(exercise, examined, measured.observations)


def _with_grid(examined: Sequence[Examined], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, the first visible failure among them with its numbers side by side."""
    for place, (each, found) in enumerate(zip(examined, findings, strict=True)):
        shown = None if each.accepted else grid(each)
        if shown is not None:
            return (*findings[:place], replace(found, grid=shown), *findings[place + 1 :])
    return findings


def _mistake(resolved: Resolved, examined: Sequence[Examined], mistakes: Mapping[str, Known]) -> Mistake | None:
    """The first known mistake that the submission repeats; a right answer repeats none."""
    exercise = resolved.exercise
    if all(each.accepted for each in examined):
        return None
    for mistake in exercise.mistakes:
        if mistake.id in mistakes and recognise(examined, mistakes[mistake.id].examined):
            return mistake
    return None


def _attempt(exercise: Exercise, submission: Submission, checks: tuple[CheckResult, ...], printed: str = "") -> Attempt:
    verdict, line = worst(check.verdict for check in checks), _line(checks, submission, exercise)
    attempt = Attempt(
        submitter=submission.submitter,
        exercise=exercise.id,
        title=dict(exercise.title.translations),
        verdict=verdict,
        points=sum((check.points for check in checks), Fraction(0)),
        max_points=sum((check.max_points for check in checks), Fraction(0)),
        mistakes=tuple(dict.fromkeys(each.mistake for check in checks for each in check.findings if each.mistake)),
        checks=checks,
        file=submission.path,
        line=line,
        code=None if verdict is Verdict.ACCEPTED else excerpt(submission, exercise.entrypoint, line),
        printed=printed,
        exercise_digest=exercise.digest,
        submission_digest=submission.digest,
    )
    return located(attempt, submission.source)


def _line(checks: Iterable[CheckResult], submission: Submission, exercise: Exercise) -> int:
    """Where to point: the first line that a finding names, else where the entry point is defined."""
    lines = (each.line for check in checks for each in check.findings if each.line)
    return next(lines, line_of_name(submission.source.text, exercise.entrypoint))
