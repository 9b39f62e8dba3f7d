"""An exercise made ready for one seed: everything that its submissions share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from torchgrade.grading.questions import Question, questions
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.probe import Plan, Probe
from torchgrade.model.target import Targets


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """An exercise with its cases, what to measure in them, and what is right there."""

    exercise: Exercise
    cases: tuple[Case, ...]
    plan: Plan
    truth: Mapping[Probe, Targets]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What its checks are asked."""
        return questions(self.exercise, self.cases)
