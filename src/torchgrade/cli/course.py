"""What a class is graded against: the exercises that were named, or an assignment's."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from torchgrade.errors import ExerciseError, UsageError
from torchgrade.store import bank

if TYPE_CHECKING:
    from torchgrade.model.assignment import Assignment
    from torchgrade.model.exercise import Exercise
    from torchgrade.model.finding import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Exercises, and what an assignment makes of their attempts; `is_complete`: none was left out for its faults."""

    exercises: tuple[Exercise, ...]
    is_complete: bool = True
    assignment: Assignment | None = None

    @property
    def change(self) -> Callable[[Attempt], Attempt]:
        """An attempt as the report has it."""
        if self.assignment is None:
            return lambda attempt: attempt
        from torchgrade.grading.discretion import withheld
        from torchgrade.grading.weights import weighed

        items = {item.exercise: item for item in self.assignment.exercises}
        hidden = self.assignment.policy.hidden
        return lambda attempt: withheld(weighed(attempt, items[attempt.exercise]), hidden)


def course(exercises: Path | None, ids: tuple[str, ...], assignment: Path | None, language: str) -> Course:
    """What is to be graded against; of a whole bank, exercises with faults are shown and left out."""
    from torchgrade.cli.assignments import assignment_of
    from torchgrade.spec.language import spoken

    if assignment is None:
        found, is_complete = _exercises(exercises, ids)
        return Course(exercises=tuple(spoken(each, language) for each in found), is_complete=is_complete)
    if ids:
        raise UsageError("--assignment names its exercises", hint="leave --id out")
    asked, found = assignment_of(assignment, exercises)
    return Course(exercises=tuple(spoken(each, language) for each in found), assignment=asked)


def seed_of(given: str | None, course: Course) -> str:
    """The seed on the command line, else the assignment's secret, else the one that is kept here."""
    from torchgrade.store.seed import seed, state_folder

    return given or (course.assignment.seed if course.assignment else "") or seed(state_folder(os.environ))


def _exercises(folder: Path | None, ids: tuple[str, ...]) -> tuple[tuple[Exercise, ...], bool]:
    from torchgrade.cli.faults import show

    root = bank.folder(folder)
    exercises, faults = bank.sound(root, bank.named(root, ids) or bank.ids(root))
    if faults and (ids or not exercises):
        raise ExerciseError(faults)
    show(faults)
    return exercises, not faults
