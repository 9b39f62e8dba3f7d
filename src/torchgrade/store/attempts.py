"""Attempts by their keys. Whose they are, is not kept: equal work of two students has one attempt."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import replace

from torchgrade.errors import StoreError, WireError
from torchgrade.model.finding import Attempt
from torchgrade.model.verdict import Verdict
from torchgrade.store.columns import squeezed, unsqueezed
from torchgrade.wire.attempts import decode, encode

TABLES = (
    """CREATE TABLE attempts (
        id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, verdict TEXT NOT NULL, content BLOB NOT NULL)""",
)
"""What a database needs to hold them. `content` is JSON, or JSON compressed by zlib, which begins otherwise."""
KEEP = """
    INSERT INTO main.attempts (key, verdict, content) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET verdict = excluded.verdict, content = excluded.content RETURNING id"""
FLEETING = frozenset({Verdict.TIME_LIMIT_EXCEEDED, Verdict.JUDGE_ERROR})
"""What may be the machine's doing, and gone when it is graded again."""


class Attempts:
    """The attempts in one database that has `TABLES`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of the keys that have an attempt."""
        return frozenset(key for key in keys if self._row("id", key))

    def get(self, key: str) -> Attempt | None:
        """The attempt without submitter, file and submission digest; None if there is none."""
        row = self._row("content", key)
        return unpacked(row[0]) if row else None

    def keep(self, key: str, attempt: Attempt) -> bool:
        """Keep an attempt, instead of the one there was. False, and nothing kept, if it may come out otherwise."""
        if is_fleeting(attempt):
            return False
        with self._connection:
            self._connection.execute(KEEP, (bytes.fromhex(key), attempt.verdict.value, packed(attempt))).fetchone()
        return True

    def _row(self, column: str, key: str) -> tuple[bytes, ...] | None:
        query = f"SELECT {column} FROM main.attempts WHERE key = ?"  # noqa: S608 - the columns are ours.
        row: tuple[bytes, ...] | None = self._connection.execute(query, (bytes.fromhex(key),)).fetchone()
        return row


def is_fleeting(attempt: Attempt) -> bool:
    """Whether anything in an attempt was a time-out or our fault: it holds for one run, and is not kept."""
    return (
        attempt.verdict in FLEETING
        or any(check.verdict in FLEETING for check in attempt.checks)
        or any(finding.verdict in FLEETING for check in attempt.checks for finding in check.findings)
    )


def packed(attempt: Attempt) -> bytes:
    """What of an attempt is the same for everyone who hands in the same, as bytes."""
    return squeezed(encode(replace(attempt, submitter="", file="", submission_digest="")))


def unpacked(content: bytes) -> Attempt:
    """The attempt in these bytes, which is nobody's yet."""
    try:
        return decode(unsqueezed(content))
    except (zlib.error, WireError) as error:
        raise StoreError(
            f"an attempt in the store cannot be read: {error}",
            hint="move store.sqlite in the state folder aside; everything is graded again then",
        ) from error
