"""One run: which attempts are wanted, which of them are known, and all of them in the order of a report."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header
from torchgrade.model.submission import Submission
from torchgrade.model.task import Done, Task
from torchgrade.store import run_tables as sql
from torchgrade.store.attempts import KEEP, is_fleeting, packed, unpacked
from torchgrade.store.roster import Roster

_PAGE = 64
_SHORT = 2048
"""Stored attempts of up to so many bytes are likely to look like many others: they are decoded once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What counts in a run: its submissions and their attempts, how many of those were known before it began, and how
    many different submissions are still to be graded."""

    submissions: int
    attempts: int
    unchanged: int
    pending: int


class Run(Roster):
    """Submissions against exercises, in tables of this process; memory does not grow with the class.

    First everything is added, then `select` and `choose` say what counts, then what is pending is graded and kept.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        exercises: Sequence[Exercise],
        header: Header,
        key: Callable[[str, str, str], str],
    ) -> None:
        super().__init__(connection)
        self.header = header
        self._key = key
        self._exercises = tuple((exercise.id, exercise.digest) for exercise in exercises)
        self._places = {exercise.id: place for place, exercise in enumerate(exercises)}
        self._decoded = lru_cache(maxsize=128)(unpacked)

    def add(self, submission: Submission) -> None:
        """One more submission; which of its attempts are known is found out here."""
        with self._writing():
            source, is_new = self._insert(submission)
            if is_new:
                keys = (self._key(*exercise, submission.digest) for exercise in self._exercises)
                rows = [(source, place, bytes.fromhex(key)) for place, key in enumerate(keys)]
                self._connection.executemany(sql.ADD_WANTED, rows)

    def forget_failed(self) -> None:
        """Have everything graded again that is known and not accepted."""
        with self._writing():
            self._connection.execute(sql.FORGET)

    def counts(self) -> Counts:
        """How much there is, and how much is left."""
        submissions, unchanged, pending = (
            self._connection.execute(query).fetchone()[0]
            for query in (sql.COUNT_SUBMISSIONS, sql.COUNT_UNCHANGED, sql.COUNT_PENDING)
        )
        attempts = submissions * len(self._exercises)
        return Counts(submissions=submissions, attempts=attempts, unchanged=unchanged, pending=pending)

    def pending(self) -> Iterator[Task]:
        """What is to be graded: each source once, with the exercises that it has no attempt for."""
        source = 0
        while page := self._connection.execute(sql.PENDING, (source, _PAGE)).fetchall():
            for (source,) in page:
                places = self._connection.execute(sql.PENDING_EXERCISES, (source,)).fetchall()
                exercises = tuple(self._exercises[place][0] for (place,) in places)
                yield Task(submission=self._of_source(source), exercises=exercises)

    def keep(self, done: Done) -> None:
        """Keep attempts, in one transaction: for later runs, too, unless they may come out otherwise then."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            source = self._source(done.task.submission.digest)
            for attempt in done.attempts:
                self._keep(source, self._places[attempt.exercise], attempt)

    def attempts(self) -> Iterator[Attempt]:
        """Every attempt there is, in the order submitter, exercise; of several submissions, the one added first is
        first."""
        return (attempt for attempt, _ in self.keyed())

    def keyed(self) -> Iterator[tuple[Attempt, str]]:
        """Every attempt there is with its key, in the order of a report."""
        return ((attempt, key) for _, attempt, key in self.entries())

    def entries(self) -> Iterator[tuple[str, Attempt, str]]:
        """Every attempt there is with its key, behind whose it is (`columns.whose`), for the history."""
        for _, submitter, path, digest, source, who in self._reported():
            for key, attempt in self._of(source):
                yield who, _owned(attempt, submitter, path, digest), key.hex()

    def settle(self, total: Callable[[Submission, tuple[Attempt, ...]], Fraction]) -> None:
        """Of the submissions of each submitter that count, let only the one with the greatest total count; of equal
        ones the last."""
        for who in self._several():
            rows = [each.row for each in self._in_turn(who)]
            best = max((self._total(row, total), turn) for turn, row in enumerate(rows))
            self._leave((rows[best[1]],), rows)

    def _total(self, row: int, total: Callable[[Submission, tuple[Attempt, ...]], Fraction]) -> Fraction:
        submission = self._submission(row)
        whose = submission.submitter, submission.path, submission.digest
        found = self._of(self._source(submission.digest))
        return total(submission, tuple(_owned(attempt, *whose) for _, attempt in found))

    def _of(self, source: int) -> list[tuple[bytes, Attempt]]:
        """The attempts of a source and their keys, in the order of exercises."""
        rows = self._connection.execute(sql.ATTEMPTS, (source,)).fetchall()
        return [(key, self._decoded(content) if len(content) < _SHORT else unpacked(content)) for key, content in rows]

    def _keep(self, source: int, place: int, attempt: Attempt) -> None:
        content = packed(attempt)
        if is_fleeting(attempt):
            kept = self._connection.execute(sql.ADD_FLEETING, (content,))
        else:
            (key,) = self._connection.execute(sql.KEY, (source, place)).fetchone()
            kept = self._connection.execute(KEEP, (key, attempt.verdict.value, content))
        self._connection.execute(sql.GRADED, (*kept.fetchone(), source, place))


def _owned(attempt: Attempt, submitter: str, path: str, digest: str) -> Attempt:
    return replace(attempt, submitter=submitter, file=path, submission_digest=digest)
