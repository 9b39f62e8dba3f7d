"""What the checks of an exercise are asked: the same of every submission, so it is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torchgrade.grading.plan import case_checks
from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise
from torchgrade.model.probe import Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One check on one case (None: on the source), and what it has measured there."""

    check: Check
    case: Case | None
    probes: tuple[Probe, ...]


def questions(exercise: Exercise, cases: Sequence[Case]) -> tuple[Question, ...]:
    """In the order of the checks and then of the cases; visible cases first."""
    ordered = sorted(cases, key=lambda case: not case.visible)
    asked = [
        Question(check=check, case=case, probes=check.probes(exercise, case))
        for case in ordered
        for check in case_checks(exercise, case)
    ]
    asked += [Question(check=check, case=None, probes=()) for check in exercise.checks if not check.looks_at_cases()]
    return tuple(sorted(asked, key=lambda question: exercise.checks.index(question.check)))
