"""The history of assignments: what was handed in, every result it ever had, and what teachers decided.

Results and decisions are only ever added; the newest by time counts. Sources are kept: a regrade needs no files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
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
        with self._writing():
            for submission in map(_writable, submissions):
                known = self._known(assignment, submission)
                if any(each.digest == submission.digest for each in known):
                    continue
                again = next((each.row for each in known if self._is_same_work(each.row, submission)), None)
                if again is None:
                    self._add(assignment, submission)
                else:
                    self._read_again(again, submission)

    def keep(self, assignment: str, graded: Iterable[tuple[str, Attempt, str]]) -> None:
        """Add the results of attempts, each between whose it is (`Run.entries`) and its key, to their submissions.

        The attempts are as they were graded, without weights. A result that is the last one already is not added,
        nor that we failed to grade what has a result.
        """
        with self._writing():
            for who, attempt, key in graded:
                result = Result.of(attempt, key)
                place = assignment, who, attempt.submission_digest
                for (row,) in self._connection.execute(sql.OF_ATTEMPT, place).fetchall():
                    self._add_result(row, result)

    def add(self, results: Iterable[tuple[int, Result]]) -> None:
        """Add results, each beside the row of its submission; one that is the last already is not added."""
        with self._writing():
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

    def student(self, assignment: str, row: int) -> Student:
        """Who handed this in, with all there is of them."""
        return self._student(assignment, *self._connection.execute(sql.STUDENT, (assignment, row)).fetchone())

    def handed_in(self, assignment: str, who: str) -> tuple[HandedIn, ...]:
        """What someone (`columns.whose`) handed in, in order, without its results."""
        rows = self._connection.execute(sql.SUBMISSIONS, (assignment, who)).fetchall()
        return in_order(map(_handed_in, rows))

    def place(self, assignment: str, who: str, digest: str) -> int:
        """Which of someone's submissions this work is, from 1: the last, if it is several; 0 if it is none."""
        return max((each.place for each in self.handed_in(assignment, who) if each.digest == digest), default=0)

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
        overrides = self._connection.execute(sql.OVERRIDES, who).fetchall()
        return Student(
            submitter=submitter,
            account=account,
            handed_in=tuple(replace(each, results=self._results(each.row)) for each in self.handed_in(*who)),
            overrides=tuple(_override(*each) for each in overrides),
        )

    def _results(self, row: int) -> tuple[Result, ...]:
        return tuple(map(_result, self._connection.execute(sql.RESULTS, (row,))))

    def _known(self, assignment: str, submission: Submission) -> Sequence[HandedIn]:
        """Those that a submission may be: of its number and time, or without them the one that came last."""
        found = self.handed_in(assignment, whose(submission.submitter, submission.account))
        told = submission.number, submission.submitted
        if any(told):
            return [each for each in found if (each.number, each.submitted) == told]
        return sorted(found, key=lambda each: (each.since, each.row))[-1:]

    def _is_same_work(self, row: int, submission: Submission) -> bool:
        """Whether only what the assignment allows is another: the code is the same, and what both have beside it."""
        one, other = self.submission(row).source, submission.source
        files = dict(other.files)
        return (one.filename, one.text, one.cells) == (other.filename, other.text, other.cells) and all(
            files.get(name, data) == data for name, data in one.files
        )

    def _read_again(self, row: int, submission: Submission) -> None:
        problem = packed_problem(submission.problem)
        self._connection.execute(sql.READ_AGAIN, (submission.digest, problem, row))
        self._connection.execute(sql.ADD_SOURCE, (submission.digest, packed_source(submission.source)))

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
        last = self._connection.execute(sql.LAST_RESULT, (row, result.exercise)).fetchone()
        is_ours = result.verdict is Verdict.JUDGE_ERROR and last is not None and last[1] != Verdict.JUDGE_ERROR.value
        if last != new and not is_ours:
            self._connection.execute(sql.ADD_RESULT, (row, result.exercise, *new))

    def _writing(self) -> sqlite3.Connection:
        """A transaction in which nobody else writes, from before the first reading on."""
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection


def _writable(submission: Submission) -> Submission:
    """The submission with names that can be written: file names may be no Unicode."""
    return replace(
        submission,
        submitter=clean(submission.submitter),
        account=clean(submission.account),
        path=clean(submission.path),
        submitted=clean(submission.submitted),
    )


def _handed_in(given: tuple[int, int, str, int, str, str, str]) -> HandedIn:
    row, number, submitted, late, digest, path, since = given
    return HandedIn(
        row=row,
        place=0,
        number=number,
        submitted=submitted,
        late=bool(late),
        digest=digest,
        path=path,
        since=since,
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
