"""The store as lines of JSON, to keep elsewhere and to bring together: a header, a line for each row, and an end.

    {"torchgrade":"store","version":1}
    {"attempts":{"key":"…","verdict":"accepted","content":{…}}}
    {"rows":1}

Rows have the fields of the classes in `rows`; what is as by default is absent.
"""

from __future__ import annotations

import sqlite3
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from torchgrade.errors import StoreError, WireError
from torchgrade.store.rows import ROWS, AnyRow, Cell, Packing, packings, refuse
from torchgrade.wire.codec import Codec, dumps, loads
from torchgrade.wire.fields import exactly

VERSION = 1
HEADER = {"torchgrade": "store", "version": VERSION}
_ORDER = {"book_sources": "digest"}
_MADE = "CREATE TEMP TABLE import_ids (tab TEXT NOT NULL, old INTEGER, new INTEGER NOT NULL, PRIMARY KEY (tab, new))"
_INDEX = "CREATE INDEX temp.import_ids_old ON import_ids (tab, old)"
_NEW_ID = "SELECT new FROM import_ids WHERE tab = 'book_submissions' AND old = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many rows there were, and how many of them the store did not have."""

    rows: int
    new: int


def export_lines(connection: sqlite3.Connection) -> Iterator[bytes]:
    """Everything in the store as it is now, whatever is written meanwhile by others."""
    count = 0
    connection.execute("BEGIN DEFERRED")
    connection.execute("SELECT 1 FROM main.attempts LIMIT 1").fetchall()  # a transaction's moment is its first reading
    try:
        yield dumps(HEADER) + b"\n"
        for name, kind in ROWS.items():
            ways, codec = packings(kind), Codec(kind)
            query = f"SELECT {', '.join(ways)} FROM main.{name} ORDER BY {_ORDER.get(name, 'id')}"  # noqa: S608 - ours.
            for cells in connection.execute(query):
                row = _row(kind, ways, cells)
                yield dumps({name: codec.plain(row)}) + b"\n"
                count += 1
        yield dumps({"rows": count}) + b"\n"
    finally:
        connection.rollback()


def import_lines(connection: sqlite3.Connection, lines: Iterable[bytes]) -> Imported:
    """Add the rows that the store does not have: all of them, or none and a StoreError.

    What they say is believed: import only what you exported.
    """
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        counted = _Import(connection)
        number = 0
        for number, line in enumerate(lines, 1):
            try:
                counted.line(number, line)
            except (WireError, ValueError, OverflowError, sqlite3.IntegrityError) as error:
                raise _refusal(f"line {number}: {error}") from error
        if counted.left:
            raise _refusal(f"it ends after line {number}, and not with its last line")
        return Imported(rows=counted.rows, new=counted.new)


class _Import:
    """An import under way."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._codecs = {name: Codec(kind) for name, kind in ROWS.items()}
        self._ways = {name: packings(kind) for name, kind in ROWS.items()}
        self.rows = 0
        self.new = 0
        self.left = True
        for statement in ("DROP TABLE IF EXISTS temp.import_ids", _MADE, _INDEX):
            connection.execute(statement)

    def line(self, number: int, line: bytes) -> None:
        """Take in one line; whatever is wrong with it is a WireError."""
        plain = exactly(dict, loads(line.removeprefix(BOM_UTF8) if number == 1 else line))
        if number == 1:
            _refuse_header(plain)
        elif not self.left or len(plain) != 1:
            raise WireError("this is no row, or comes after the last line")
        elif "rows" in plain:
            self._end(plain["rows"])
        else:
            ((name, data),) = plain.items()
            if name not in self._codecs:
                raise WireError(f"{name[:40]!r} is no table; there are {', '.join(self._codecs)}")
            self._add(name, self._codecs[name].of_plain(data))

    def _end(self, rows: object) -> None:
        if rows != self.rows:
            raise WireError(f"there are {self.rows} rows, and the last line says {rows}")
        self.left = False

    def _add(self, name: str, row: AnyRow) -> None:
        refuse(row)
        cells = {column: way.pack(getattr(row, column)) for column, way in self._ways[name].items()}
        if name == "book_results":
            cells["submission"] = self._submission(cells["submission"])
        self.rows += 1
        old = cells.pop("id", None)
        if name in ("attempts", "book_sources"):
            self.new += self._insert(name, cells, "OR IGNORE").rowcount
        else:
            self._add_once(name, old, cells)

    def _add_once(self, name: str, old: Cell, cells: dict[str, Cell]) -> None:
        """A row that may be there already. Of equal rows, each in the file is another one in the store."""
        equal = " AND ".join(f"{column} IS ?" for column in cells)
        query = (
            f"SELECT id FROM main.{name} AS it WHERE {equal} AND NOT EXISTS "  # noqa: S608 - names are ours.
            f"(SELECT 1 FROM import_ids WHERE tab = '{name}' AND new = it.id) ORDER BY id LIMIT 1"
        )
        found = self._connection.execute(query, tuple(cells.values())).fetchone()
        new = found[0] if found else self._insert(name, cells).lastrowid
        self.new += not found
        self._connection.execute("INSERT INTO import_ids VALUES (?, ?, ?)", (name, old, new))

    def _insert(self, name: str, cells: dict[str, Cell], kind: str = "") -> sqlite3.Cursor:
        marks = ", ".join("?" * len(cells))
        query = f"INSERT {kind} INTO main.{name} ({', '.join(cells)}) VALUES ({marks})"  # noqa: S608 - names are ours.
        return self._connection.execute(query, tuple(cells.values()))

    def _submission(self, old: Cell) -> Cell:
        row = self._connection.execute(_NEW_ID, (old,)).fetchone()
        if not row:
            raise WireError(f"it is of submission {old!r}, which does not stand before it")
        return cast("int", row[0])


def _row(kind: Callable[..., AnyRow], ways: Mapping[str, Packing], cells: Iterable[Cell]) -> AnyRow:
    return kind(**{name: way.unpack(cell) for (name, way), cell in zip(ways.items(), cells, strict=True)})


def _refuse_header(plain: dict[str, object]) -> None:
    if plain != HEADER:
        is_newer = plain.get("torchgrade") == "store"
        raise WireError("a newer torchgrade wrote this" if is_newer else "this is no export of a store")


def _refusal(reason: str) -> StoreError:
    return StoreError(
        f"the export cannot be imported: {reason}", hint="nothing of it was imported; export the other store once more"
    )
