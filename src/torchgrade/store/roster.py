"""Who handed in what in a run, and whose work it is about."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from torchgrade.grading.gradebook import in_order, moment_of
from torchgrade.model.assignment import Keep, Policy
from torchgrade.model.history import HandedIn
from torchgrade.model.submission import Submission
from torchgrade.store import run_tables as sql
from torchgrade.store.columns import packed_problem, packed_source, unpacked_problem, unpacked_source, whose
from torchgrade.wire.fields import clean

Row: TypeAlias = tuple[int, str, str, str, int, str, int, str, bytes | None, bytes]
History: TypeAlias = Callable[[str], Sequence[HandedIn]]
"""What someone (`columns.whose`) handed in."""
_PAGE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A submission that could not be read, and why."""

    submitter: str
    path: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Different submissions of one submitter of which nobody knows which came last."""

    submitter: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """A submission that is more than count: of its submitter it is number `place`."""

    submitter: str
    path: str
    place: int


class Roster:
    """The submissions of a run, in tables of this process; making one forgets those of the run before."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.create_function("shard", 2, shard, deterministic=True)
        with self._writing():
            for name in sql.NAMES:
                connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
            for statement in sql.TABLES:
                connection.execute(statement)

    def submissions(self) -> Iterator[Submission]:
        """Those that count, with their sources, in the order of submitters."""
        for row, *_ in self._reported():
            yield self._submission(row)

    def submitters(self) -> tuple[str, ...]:
        """The names of all whose submissions count, in order."""
        return tuple(name for (name,) in self._connection.execute(sql.SUBMITTERS))

    def problems(self) -> Iterator[Problem]:
        """The submissions that count and could not be read."""
        for submitter, path, data in self._connection.execute(sql.PROBLEMS):
            if problem := unpacked_problem(data):
                yield Problem(submitter=submitter, path=path, says=problem.message)

    def tell_apart(self) -> None:
        """Give different people of one name their accounts behind it: a report tells people by their names."""
        changed = True
        while changed:
            with self._writing():
                changed = self._connection.execute(sql.TELL_APART).rowcount > 0

    def duplicates(self) -> tuple[Duplicate, ...]:
        """Where it is unclear which submission came last: they have no number and no time, or the same ones."""
        unclear = []
        for who in self._several():
            rows = self._connection.execute(sql.OF_ONE, (who,)).fetchall()
            if _is_unclear({(number, submitted, digest) for *_, number, submitted, digest in rows}):
                unclear.append(Duplicate(submitter=rows[0][1], paths=tuple(path for _, _, path, *_ in rows)))
        return tuple(unclear)

    def select(self, only: Collection[str] = (), shard: tuple[int, int] | None = None) -> None:
        """Let only the work of these submitters count, and of those the part i of n, from 1."""
        with self._writing():
            if only:
                self._connection.execute(sql.ONLY, (json.dumps(list(only)),))
            if shard:
                self._connection.execute(sql.SHARD, (shard[1], shard[0]))

    def choose(self, policy: Policy, history: History = lambda who: ()) -> tuple[Beyond, ...]:
        """Let the submissions count that the policy asks for: of each submitter the last one, or for `best` all that
        are within the number of attempts (`Run.settle` leaves one of them).

        `history` is what someone handed in, in order, with what is in this run; without one it is what this run has.
        Of whoever has nothing within the number, the last one is left, and told.
        """
        beyond = []
        for who in self._everyone() if policy.attempts else self._several():
            given = self._in_turn(who)
            places = _places(given, history(who) or given)
            most = policy.attempts or max(places)
            within = [each.row for each, place in zip(given, places, strict=True) if place <= most]
            if not within:
                last = self._submission(given[-1].row)
                beyond.append(Beyond(submitter=last.submitter, path=last.path, place=places[-1]))
                within = [given[-1].row]
            self._leave(within if policy.keep is Keep.BEST else within[-1:], [each.row for each in given])
        return tuple(beyond)

    def _everyone(self) -> tuple[str, ...]:
        return tuple(who for (who,) in self._connection.execute(sql.EVERYONE))

    def _several(self) -> tuple[str, ...]:
        """Whoever has several submissions that count."""
        return tuple(who for (who,) in self._connection.execute(sql.SEVERAL))

    def _in_turn(self, who: str) -> tuple[HandedIn, ...]:
        """The submissions of one submitter as they were handed in."""
        rows = self._connection.execute(sql.OF_ONE, (who,)).fetchall()
        return in_order(
            HandedIn(row=row, place=0, number=number, submitted=submitted, digest=digest, path=path)
            for row, _, path, number, submitted, digest in rows
        )

    def _leave(self, chosen: Collection[int], rows: Collection[int]) -> None:
        with self._writing():
            self._connection.executemany(sql.LEAVE_OUT, ((row,) for row in rows if row not in chosen))

    def _insert(self, submission: Submission) -> tuple[int, bool]:
        """Put a submission into the tables: the id of its source, and whether that is new."""
        content = packed_source(submission.source)
        new = self._connection.execute(sql.ADD_SOURCE, (submission.digest, content)).fetchone()
        source = new[0] if new else self._source(submission.digest)
        told = submission.number, clean(submission.submitted), submission.late
        problem = packed_problem(submission.problem)
        name, account = clean(submission.submitter), clean(submission.account)
        who = whose(name, account)
        self._connection.execute(
            sql.ADD_SUBMISSION, (name, account, clean(submission.path), *told, who, problem, source)
        )
        return source, new is not None

    def _source(self, digest: str) -> int:
        row: tuple[int] = self._connection.execute(sql.SOURCE, (digest,)).fetchone()
        return row[0]

    def _reported(self) -> Iterator[tuple[int, str, str, str, int, str]]:
        """Id, submitter, path, digest, source and whose it is of what counts, in order; no statement stays open
        meanwhile."""
        submitter, row = "", 0
        while page := self._connection.execute(sql.REPORTED, (submitter, row, _PAGE)).fetchall():
            yield from page
            row, submitter, *_ = page[-1]

    def _submission(self, row: int) -> Submission:
        return _made(self._connection.execute(sql.SUBMISSION, (row,)).fetchone())

    def _of_source(self, source: int) -> Submission:
        """The first submission with this source."""
        return _made(self._connection.execute(sql.FIRST_OF_SOURCE, (source,)).fetchone())

    def _writing(self) -> sqlite3.Connection:
        """A transaction that does not lock the store: only tables of this process are written."""
        self._connection.execute("BEGIN DEFERRED")
        return self._connection


def shard(who: str, shards: int) -> int:
    """The part, from 1, that someone's work is in, on every machine: all of it, under whatever names."""
    return int.from_bytes(sha256(who.encode()).digest()[:8], "big") % shards + 1


def _places(given: Sequence[HandedIn], history: Sequence[HandedIn]) -> list[int]:
    """Where these stand in the history; the last place, if equal work has several."""
    told = {(each.number, each.submitted, each.digest): each.place for each in history}
    untold = {each.digest: each.place for each in history}
    return [told.get((each.number, each.submitted, each.digest)) or untold[each.digest] for each in given]


def _is_unclear(moments: Collection[tuple[int, str, str]]) -> bool:
    times = {(number, submitted if moment_of(submitted) else "") for number, submitted, _ in moments}
    return len(moments) > 1 and ((0, "") in times or len(times) < len(moments))


def _made(row: Row) -> Submission:
    _, submitter, path, account, number, submitted, late, digest, problem, content = row
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
