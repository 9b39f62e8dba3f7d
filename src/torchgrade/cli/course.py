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
    from torchgrade.store.book import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Exercises, and what an assignment makes of their attempts; `is_complete`: none was left out for its faults."""

    exercises: tuple[Exercise, ...]
    is_complete: bool = True
    assignment: Assignment | None = None
    language: str = "en"

    def change(self, book: Book) -> Callable[[str, Attempt], Attempt]:
        """What makes an attempt of someone (`columns.whose`) the report's: weights, what is told of hidden cases, hints
        that are due."""
        if self.assignment is None:
            return lambda who, attempt: attempt
        from torchgrade.grading.discretion import hinted, withheld
        from torchgrade.grading.weights import weighed

        name, policy = self.assignment.id, self.assignment.policy
        items = {item.exercise: item for item in self.assignment.exercises}
        hints = {exercise.id: exercise.hints for exercise in self.exercises}

        def changed(who: str, attempt: Attempt) -> Attempt:
            told = withheld(weighed(attempt, items[attempt.exercise]), policy.hidden, self.language)
            if policy.hints_after is None:
                return told
            place = book.place(name, who, attempt.submission_digest)
            return hinted(told, hints[attempt.exercise], policy, place, self.language)

        return changed


def course(exercises: Path | None, ids: tuple[str, ...], assignment: Path | None, language: str) -> Course:
    """What is to be graded against; of a whole bank, exercises with faults are shown and left out."""
    from torchgrade.cli.assignments import assignment_of
    from torchgrade.spec.language import spoken

    if assignment is None:
        found, is_complete = _exercises(exercises, ids)
        told = tuple(spoken(each, language) for each in found)
        return Course(exercises=told, is_complete=is_complete, language=language)
    if ids:
        raise UsageError("--assignment names its exercises", hint="leave --id out")
    asked, found = assignment_of(assignment, exercises)
    return Course(exercises=tuple(spoken(each, language) for each in found), assignment=asked, language=language)


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
