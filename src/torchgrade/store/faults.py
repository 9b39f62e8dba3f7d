"""What SQLite says, in sentences: what happened, what is kept, and what to do."""

from __future__ import annotations

import sqlite3
import tempfile

from torchgrade.errors import StoreError

WAIT_SECONDS = 5
"""So long we wait for another process to finish its writing."""
_PRIMARY = 0xFF
"""The part of an extended error code that names the kind of error."""


def sentence(error: sqlite3.Error, path: str) -> StoreError | None:
    """The error as a sentence; None if it is a fault of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    match code & _PRIMARY:
        case sqlite3.SQLITE_FULL:
            temporary = tempfile.gettempdir()
            return StoreError(
                f"there is no room left for the store {path}, or for temporary files in {temporary}; all that was"
                " finished before is kept",
                hint="make room there and give the same command again: it goes on where it stopped",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                f"another torchgrade has been writing to the store {path} for more than {WAIT_SECONDS} seconds",
                hint="wait until it is done and give the same command again: it goes on where it stopped",
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreError(
                f"the store {path} cannot be written ({error})",
                hint="make its folder and its file your own, or name another folder for state with XDG_STATE_HOME",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreError(f"the store {path} is damaged ({error})", hint=aside(path))
        case sqlite3.SQLITE_IOERR:
            return StoreError(
                f"the disk failed at the store {path} ({error}); all that was finished before is kept",
                hint="see whether the disk is there, and has room, and give the same command again",
            )
    return None


def aside(path: str) -> str:
    """How to begin with a new store, and what that costs."""
    return (
        f"move it aside: mv {path} {path}.damaged (and {path}-wal, if it is there); everything is graded again then,"
        " and the history of assignments is what was last exported"
    )
