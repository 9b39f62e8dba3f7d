"""What was handed in for an assignment, how it came out each time it was graded, and what a teacher decided."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from torchgrade.model.finding import Attempt, CheckResult
from torchgrade.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckScore:
    """How one check came out."""

    name: str
    verdict: Verdict
    points: Fraction
    max_points: Fraction

    @classmethod
    def of(cls, check: CheckResult) -> CheckScore:
        """What remains of a check in the history."""
        return cls(name=check.name, verdict=check.verdict, points=check.points, max_points=check.max_points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a submission came out in one exercise, in the exercise's own points; `key` is that of the stored attempt.

    `when` is a time in UTC, and empty before it is kept.
    """

    exercise: str
    key: str
    verdict: Verdict
    points: Fraction
    max_points: Fraction
    checks: tuple[CheckScore, ...] = ()
    when: str = ""

    @classmethod
    def of(cls, attempt: Attempt, key: str) -> Result:
        """What remains of an attempt in the history: of it as it was graded, without an assignment's weights."""
        return cls(
            exercise=attempt.exercise,
            key=key,
            verdict=attempt.verdict,
            points=attempt.points,
            max_points=attempt.max_points,
            checks=tuple(map(CheckScore.of, attempt.checks)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """One submission in the history, with its results, the oldest first by time: of an exercise the last one counts.

    `number`, `submitted` and `late` are what the platform says, as in a Submission; `place` counts the submissions of
    one student from 1, in the order in which they were handed in; `since` is when it was there, as far as the history
    knows: a time in UTC, or empty.
    """

    row: int
    place: int
    number: int = 0
    submitted: str = ""
    late: bool = False
    digest: str
    path: str
    since: str = ""
    results: tuple[Result, ...] = ()

    def result(self, exercise: str) -> Result | None:
        """The result that counts in an exercise; None if it was never graded."""
        return next((result for result in reversed(self.results) if result.exercise == exercise), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A teacher's decision: points in an exercise, or in all if `exercise` is empty. Without points it is withdrawn.

    `who` is a login name; `when` is a time in UTC, and empty before it is kept.
    """

    exercise: str = ""
    points: Fraction | None
    reason: str
    who: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """All there is of one student in one assignment, the oldest first.

    Who has an `account` on the platform is known by it, whatever name stands beside it.
    """

    submitter: str
    account: str = ""
    handed_in: tuple[HandedIn, ...] = ()
    overrides: tuple[Override, ...] = ()
