"""What of an attempt a student may have; staff may have all of it. Pure.

This is the last wall before a report: it holds whatever made the attempt, also where a file says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from torchgrade.model.finding import Attempt, Audience, CheckResult, Comparison, Finding, Stage

_TOLD = (Stage.EQUAL, Stage.MASK, Stage.NUMBERS, Stage.UNDECIDED)
"""Where structures, types and shapes agree, the outcome's name is ours and not the submission's."""


@dataclass(frozen=True, slots=True)
class Readable:
    """Attempts as this audience may read them, as often as they are asked for."""

    attempts: Iterable[Attempt]
    audience: Audience

    def __iter__(self) -> Iterator[Attempt]:
        return iter(self.attempts) if self.audience is Audience.STAFF else map(for_students, self.attempts)


def for_students(attempt: Attempt) -> Attempt:
    """The attempt without what is for staff.

    Of a hidden finding a student keeps its sentences (the kind of input that failed, what is wrong with the answer, the
    exception's class), the pattern or mistake that was recognised and the line of their own; no numbers, no grid and no
    reproduction. What was printed is in an attempt of visible cases only.
    """
    return replace(attempt, checks=tuple(_check(check) for check in attempt.checks))


def _check(check: CheckResult) -> CheckResult:
    return replace(check, findings=tuple(_finding(finding) for finding in check.findings))


def _finding(finding: Finding) -> Finding:
    if not (finding.feedback or finding.comparison or finding.grid or finding.reproduction):
        return finding  # accepted, as most are
    told = tuple(each for each in finding.feedback if each.audience is Audience.STUDENT)
    if finding.visible:
        return finding if told == finding.feedback else replace(finding, feedback=told)
    return replace(finding, feedback=told, comparison=_what_of(finding.comparison), grid=None, reproduction="")


def _what_of(comparison: Comparison | None) -> Comparison | None:
    """Which result is wrong in which way, without any number."""
    if comparison is None or comparison.stage not in _TOLD:
        return None
    return Comparison(stage=comparison.stage, outcome=comparison.outcome)
