"""The history of assignments: what was handed in, every result it ever had, and what teachers decided.

Results and decisions are only ever added; the newest counts. Sources are kept, so that a regrade needs no files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from torchgrade.grading.gradebook import in_order
from torchgrade.model.finding import Attempt
from torchgrade.model.history import CheckScore, HandedIn, Override, Result, Student
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.store import book_tables as sql
from torchgrade.store.columns import (
    packed_problem,
    packed_scores,
    packed_source,
    unpacked_problem,
    unpacked_scores,
    unpacked_source,
    whose,
)
from torchgrade.wire.fields import clean


class Book:
    """The history in one database that has the tables of `book_tables.TABLES`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def record(self, assignment: str, submissions: Iterable[Submission]) -> None:
        """Keep what was handed in; what is known already is not kept twice."""
        with self._connection:
            for submission in map(_writable, submissions):
                if not self._is_known(assignment, submission):
                    self._add(assignment, submission)

    def keep(self, assignment: str, graded: Iterable[tuple[str, Attempt, str]]) -> None:
        """Add the results of attempts, each between whose it is (`Run.entries`) and its key, to their submissions.

        The attempts are as they were graded, without weights. A result that is the last one already is not added.
        """
        with self._connection:
            for who, attempt, key in graded:
                result = Result.of(attempt, key)
                place = assignment, who, attempt.submission_digest
                for (row,) in self._connection.execute(sql.OF_ATTEMPT, place).fetchall():
                    self._add_result(row, result)

    def add(self, results: Iterable[tuple[int, Result]]) -> None:
        """Add results, each beside the row of its submission; one that is the last already is not added."""
        with self._connection:
            for row, result in results:
                self._add_result(row, result)

    def override(self, assignment: str, student: Student, override: Override) -> None:
        """Add a decision; it is in force until the next one on the same exercise."""
        points = None if override.points is None else str(override.points)
        said = override.exercise, points, clean(override.reason), clean(override.who)
        with self._connection:
            self._connection.execute(sql.ADD_OVERRIDE, (assignment, student.submitter, student.account, *said))

    def students(self, assignment: str) -> Iterator[Student]:
        """Everyone who handed something in or was decided about, in the order of names."""
        for submitter, account in self._connection.execute(sql.STUDENTS, {"assignment": assignment}):
            yield self._student(assignment, submitter, account)

    def place(self, assignment: str, submitter: str, digest: str) -> int:
        """Which of a student's submissions this work is, from 1: the last, if it is several; 0 if it is none."""
        name = clean(submitter)
        found = self._connection.execute(sql.ACCOUNT, (assignment, name, digest)).fetchone()
        student = self._student(assignment, name, *found) if found else None
        return max((each.place for each in student.handed_in if each.digest == digest), default=0) if student else 0

    def submission(self, row: int) -> Submission:
        """What was handed in, with its source, as it was when it was graded first."""
        submitter, path, account, number, submitted, late, problem, digest, content = self._connection.execute(
            sql.SUBMISSION, (row,)
        ).fetchone()
        return Submission(
            submitter=submitter,
            path=path,
            source=unpacked_source(content),
            digest=digest,
            problem=unpacked_problem(problem),
            account=account,
            number=number,
            submitted=submitted,
            late=bool(late),
        )

    def _student(self, assignment: str, submitter: str, account: str) -> Student:
        who = assignment, whose(submitter, account)
        handed_in = self._connection.execute(sql.SUBMISSIONS, who).fetchall()
        overrides = self._connection.execute(sql.OVERRIDES, who).fetchall()
        return Student(
            submitter=submitter,
            account=account,
            handed_in=in_order(map(self._handed_in, handed_in)),
            overrides=tuple(_override(*each) for each in overrides),
        )

    def _handed_in(self, given: tuple[int, int, str, int, str, str]) -> HandedIn:
        row, number, submitted, late, digest, path = given
        return HandedIn(
            row=row,
            place=0,
            number=number,
            submitted=submitted,
            late=bool(late),
            digest=digest,
            path=path,
            results=tuple(map(_result, self._connection.execute(sql.RESULTS, (row,)))),
        )

    def _is_known(self, assignment: str, submission: Submission) -> bool:
        """Whether a submission is there. Without a number or a time it is new unless it is what came last."""
        who = assignment, whose(submission.submitter, submission.account), submission.digest
        if submission.number or submission.submitted:
            found = self._connection.execute(sql.SAME, (*who, submission.number, submission.submitted))
        else:
            found = self._connection.execute(sql.NEWEST, who)
        return found.fetchone() is not None

    def _add(self, assignment: str, submission: Submission) -> None:
        problem = packed_problem(submission.problem)
        name = assignment, submission.submitter, submission.account
        told = submission.number, submission.submitted, submission.late
        self._connection.execute(sql.ADD_SUBMISSION, (*name, *told, submission.digest, submission.path, problem))
        self._connection.execute(sql.ADD_SOURCE, (submission.digest, packed_source(submission.source)))

    def _add_result(self, row: int, result: Result) -> None:
        checks = packed_scores((each.name, each.verdict, each.points, each.max_points) for each in result.checks)
        points = str(result.points), str(result.max_points)
        new = (result.key, result.verdict.value, *points, checks)
        if self._connection.execute(sql.LAST_RESULT, (row, result.exercise)).fetchone() != new:
            self._connection.execute(sql.ADD_RESULT, (row, result.exercise, *new))


def _writable(submission: Submission) -> Submission:
    """The submission with names that can be written: file names may be no Unicode."""
    return replace(
        submission,
        submitter=clean(submission.submitter),
        account=clean(submission.account),
        path=clean(submission.path),
        submitted=clean(submission.submitted),
    )


def _result(row: tuple[str, ...]) -> Result:
    exercise, key, verdict, points, most, checks, when = row
    scores = (
        CheckScore(name=name, verdict=verdict, points=points, max_points=most)
        for name, verdict, points, most in unpacked_scores(checks)
    )
    return Result(
        exercise=exercise,
        key=key,
        verdict=Verdict(verdict),
        points=Fraction(points),
        max_points=Fraction(most),
        checks=tuple(scores),
        when=when,
    )


def _override(exercise: str, points: str | None, reason: str, who: str, when: str) -> Override:
    decided = None if points is None else Fraction(points)
    return Override(exercise=exercise, points=decided, reason=reason, who=who, when=when)
