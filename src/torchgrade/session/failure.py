"""What is reported when the fault is ours."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback, Finding
from torchgrade.model.said import said, translated
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict

_SORRY = said("The grader itself failed here: this is not your fault, and your teacher can see it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An exercise that could not be resolved, by our fault."""

    exercise: Exercise
    error: Exception


def judge_error(submission: Submission, exercise: Exercise, error: Exception) -> Attempt:
    """An attempt that we failed to grade: it costs the student nothing but time, and says so."""
    feedback = (
        Feedback(
            audience=Audience.STUDENT,
            rationale=translated(_SORRY, exercise.language),
        ),
        Feedback(audience=Audience.STAFF, rationale=f"{type(error).__name__}: {error}"),
    )
    finding = Finding(case="", verdict=Verdict.JUDGE_ERROR, feedback=feedback)
    checks = tuple(
        CheckResult(
            name=check.name,
            kind=check.kind,
            verdict=Verdict.JUDGE_ERROR,
            points=Fraction(0),
            max_points=Fraction(str(check.points)),
            condition=check.is_condition(),
            observed=check.is_observed(),
            findings=(finding,),
        )
        for check in exercise.checks
    )
    return Attempt(
        submitter=submission.submitter,
        exercise=exercise.id,
        title=dict(exercise.title.translations),
        verdict=Verdict.JUDGE_ERROR,
        points=Fraction(0),
        max_points=sum((check.max_points for check in checks), Fraction(0)),
        checks=checks,
        file=submission.path,
        exercise_digest=exercise.digest,
        submission_digest=submission.digest,
    )
