"""Attempts by their keys. Whose they are, is not kept: equal work of two students has one attempt."""

from __future__ import annotations

import zlib
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
