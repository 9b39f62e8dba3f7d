"""A regrade: what decides is graded again, out of the history, and set beside what it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import TypeAlias

from torchgrade.grading.changes import Change, change, regraded
from torchgrade.grading.gradebook import needed
from torchgrade.model.assignment import Assignment
from torchgrade.model.finding import Attempt
from torchgrade.model.history import Result, Student
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.store.book import Book

Keyed: TypeAlias = Iterable[tuple[Attempt, str]]
"""Attempts with their keys, as `Run.keyed` has them: those of `Regrade.submissions`, in the order of a report."""
Outcome: TypeAlias = tuple[Student, Mapping[int, tuple[Result, ...]]]
"""A student as the history has it, and the new results by row of the submission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrade:
    """An assignment's history, to be graded again with the exercises as they are now."""

    assignment: Assignment
    worths: Mapping[str, Fraction]
    book: Book

    def submissions(self) -> Iterator[Submission]:
        """What decides, under names that sort by student: one student may have several submissions that do."""
        for number, student in enumerate(self.book.students(self.assignment.id)):
            for each in needed(self.assignment, student):
                found = self.book.submission(each.row)
                yield replace(found, submitter=f"{number:09} {each.row}", account="", number=0, submitted="")

    def changes(self, graded: Keyed) -> Iterator[Change | None]:
        """For each student who handed in, how they change, or None."""
        for student, results in self._outcomes(graded):
            yield change(self.assignment, self.worths, student, regraded(student, results))

    def write(self, graded: Keyed) -> None:
        """Add the new results to the history. What we failed to grade is not added: the old result stays in force."""
        self.book.add(
            (row, result)
            for _, results in self._outcomes(graded)
            for row, added in results.items()
            for result in added
            if result.verdict is not Verdict.JUDGE_ERROR
        )

    def named(self, graded: Keyed) -> Iterator[Attempt]:
        """The attempts under the names of their students."""
        for student, found in self._by_student(graded):
            yield from (replace(attempt, submitter=student.submitter) for attempt, _ in found)

    def _outcomes(self, graded: Keyed) -> Iterator[Outcome]:
        """Each student beside the new results."""
        for student, found in self._by_student(graded):
            results: dict[int, tuple[Result, ...]] = {}
            for attempt, key in found:
                row = _row(attempt)
                results[row] = (*results.get(row, ()), Result.of(attempt, key))
            yield student, results

    def _by_student(self, graded: Keyed) -> Iterator[tuple[Student, Keyed]]:
        """Attempts beside the student whose submission their name has. The number before it only puts them in order:
        others may have been added to the history since it was given."""
        for _, group in groupby(graded, lambda each: each[0].submitter.partition(" ")[0]):
            found = tuple(group)
            yield self.book.student(self.assignment.id, _row(found[0][0])), found


def _row(attempt: Attempt) -> int:
    return int(attempt.submitter.partition(" ")[2])
