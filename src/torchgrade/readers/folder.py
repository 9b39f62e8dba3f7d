"""A folder as a tree, and one file as a tree of one entry. Links are not followed: what they lead to is another's."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from torchgrade.errors import UsageError
from torchgrade.model.said import said
from torchgrade.readers.names import DEEPEST, EMPTY_FOLDER, LINK, NO_FILE, TOO_DEEP, is_litter, printable
from torchgrade.readers.tree import Entry, Tree

MOST_FILES = 1_000_000


def folder(path: Path) -> Tree:
    """All that lies below the folder `path`, sorted by path. Raises UsageError if it cannot be listed."""
    try:
        entries = sorted(_below(str(path), PurePosixPath(), 0), key=lambda entry: entry.path.parts)
    except OSError as error:
        raise UsageError(f"{printable(str(path))}: the folder cannot be listed: {_reason(error)}") from None
    return Tree(name=printable(path.resolve().name), place=printable(str(path)), entries=tuple(entries))


def one_file(path: Path) -> Tree:
    """The file `path`; a link that is named itself is followed."""
    told = PurePosixPath(printable(path.name))
    try:
        entry = _file(str(path), told, path.stat())
    except OSError as error:
        entry = _unread(str(path), told, f"The file cannot be read: {_reason(error)}.")
    return Tree(name=printable(path.stem), place=entry.place, entries=(entry,), is_one=True)


def _below(real: str, told: PurePosixPath, depth: int) -> Iterator[Entry]:
    with os.scandir(real or ".") as listing:
        names = [each for each in listing if not is_litter(each.name)]
    if len(names) > MOST_FILES:
        raise UsageError(f"{printable(real)}: there are more than {MOST_FILES:,} files in the folder")
    while names:  # which are let go as they are told
        each = names.pop()
        yield from _entries(each, told / printable(each.name), depth)


def _entries(found: os.DirEntry[str], told: PurePosixPath, depth: int) -> Iterator[Entry]:
    try:
        if found.is_symlink():
            yield _unread(found.path, told, LINK, is_folder=found.is_dir())
        elif not found.is_dir():
            yield _file(found.path, told, found.stat(follow_symlinks=False))
        elif depth == DEEPEST:
            yield _unread(found.path, told, TOO_DEEP, is_folder=True)
        else:
            below = tuple(_below(found.path, told, depth + 1))
            yield from below or (_unread(found.path, told, EMPTY_FOLDER, is_folder=True),)
    except OSError as error:
        yield _unread(
            found.path, told, said("It cannot be read: {why}.", why=_reason(error)), is_folder=not told.suffix
        )


def _file(real: str, told: PurePosixPath, about: os.stat_result) -> Entry:
    if not stat.S_ISREG(about.st_mode):
        return _unread(real, told, NO_FILE)
    size = about.st_size
    return Entry(path=told, size=size, problem="", read=_Content(real, size), place=printable(real))


@dataclass(frozen=True, slots=True)
class _Content:
    """How a file is read, in 48 bytes: a class has many."""

    real: str
    size: int

    def __call__(self) -> bytes:
        """As many bytes as there were; a pipe that has taken the file's place since is not waited for."""
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(self.real, flags), "rb") as stream:
            return stream.read(self.size)


def _unread(real: str, told: PurePosixPath, problem: str, *, is_folder: bool = False) -> Entry:
    return Entry(path=told, size=0, problem=problem, read=bytes, place=printable(real), is_folder=is_folder)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
