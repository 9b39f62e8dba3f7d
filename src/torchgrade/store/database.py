"""The store: one SQLite file in the user's state folder, and the one way to it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from torchgrade.model.exercise import Exercise, Limits
from torchgrade.model.report import Header
from torchgrade.store import premises
from torchgrade.store.book import Book
from torchgrade.store.faults import WAIT_SECONDS, sentence
from torchgrade.store.key import keys
from torchgrade.store.lines import Imported, export_lines, import_lines
from torchgrade.store.migrations import migrate
from torchgrade.store.run import Run
from torchgrade.store.seed import state_folder

FILE = "store.sqlite"
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # what is committed survives a power cut, for the milliseconds that the disk takes
    "foreign_keys = ON",
    "temp_store = FILE",
    "cache_size = -1000",  # kB, for this and for the tables of a run: they are gone through in order, and once
    "temp.cache_size = -1000",
    "trusted_schema = OFF",
    "cell_size_check = ON",
)


class Store:
    """Attempts, the history of assignments, and runs; a context manager, for one thread.

    Entering it raises StoreError where there can be no store. While it is open, what goes wrong with the file is raised
    as StoreError where it is left.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._temporary: TemporaryDirectory[str] | None = None

    @classmethod
    def of_user(cls) -> Store:
        """The store in the state folder of whoever runs this."""
        return cls(state_folder(os.environ))

    @classmethod
    def temporary(cls) -> Store:
        """A store that is gone when it is left: nothing is known at first, and nothing is kept for another run."""
        folder = TemporaryDirectory(prefix="torchgrade-")
        store = cls(Path(folder.name))
        store._temporary = folder
        return store

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE

    def refuse_inside(self, graded: Iterable[Path]) -> None:
        """Refuse this store if it lies within what is to be graded; it need not be open."""
        premises.refuse_inside(self.folder, graded)

    def __enter__(self) -> Store:
        try:
            premises.prepare(self.folder, self.path)
            self.connection = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level="IMMEDIATE")
            for pragma in _PRAGMAS:
                self.connection.execute(f"PRAGMA {pragma}")
            migrate(self.connection, str(self.path))
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()
        if isinstance(error, sqlite3.Error) and (told := sentence(error, str(self.path))):
            raise told from error

    @cached_property
    def book(self) -> Book:
        """The history of assignments."""
        return Book(self.connection)

    def run(
        self, exercises: Sequence[Exercise], header: Header, language: str = "", limits: Limits | None = None
    ) -> Run:
        """A new run; the one before it is over. `limits` are those that stand in place of the exercises' own."""
        return Run(self.connection, exercises, header, keys(header, language, limits))

    def export(self) -> Iterator[bytes]:
        """Everything in the store, as lines of JSON."""
        return export_lines(self.connection)

    def merge(self, lines: Iterable[bytes]) -> Imported:
        """Add the rows of an export that are not there yet: all of them, or none and a StoreError."""
        return import_lines(self.connection, lines)

    def _close(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
        if self._temporary:
            self._temporary.cleanup()
