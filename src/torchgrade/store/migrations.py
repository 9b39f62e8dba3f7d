"""What it takes to bring a database to the newest version; `PRAGMA user_version` says which one it has."""

from __future__ import annotations

import sqlite3

from torchgrade.errors import StoreError
from torchgrade.store import attempts, book_tables

MIGRATIONS: tuple[tuple[str, ...], ...] = ((*attempts.TABLES, *book_tables.TABLES),)
"""The statements that lead to version 1, 2, …; what was released is never changed, only added to."""
APPLICATION = 0x74677264
"""`tgrd`: tells a store from other people's databases."""


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring the database to the newest version; refuse one that is newer, or none of ours."""
    if _version(connection, path) == len(MIGRATIONS):
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")  # from here on no other process migrates it, too
        for statements in MIGRATIONS[_version(connection, path) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(connection: sqlite3.Connection, path: str) -> int:
    version, application, tables = (
        connection.execute(query).fetchone()[0]
        for query in ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_schema")
    )
    if application != APPLICATION and (tables or version):
        raise StoreError(f"{path} is a database, but no store of torchgrade's", hint="move it aside")
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{path} was written by a newer torchgrade: it has version {version}, and this one knows {len(MIGRATIONS)}",
            hint="use the newer torchgrade, or move the file aside to begin anew",
        )
    return int(version)
