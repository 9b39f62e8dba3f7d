"""A zip archive as a tree: read from where it lies, entry by entry, and never unpacked to disk.

What an archive says of itself is a stranger's word. Its table of contents is read up to a bound. Of an entry no more is
read than it announces, which whoever reads it has held against a bound of theirs; compressions whose output cannot be
bounded (bzip2, LZMA) are not read at all. Names that lead outside, links, devices and names that occur twice are
entries with a problem.
"""

from __future__ import annotations

import io
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from torchgrade.model.said import said
from torchgrade.readers.names import DEEPEST, EMPTY_FOLDER, LINK, NO_FILE, TOO_DEEP, inside, is_litter
from torchgrade.readers.problems import HandinError
from torchgrade.readers.tree import Entry, Tree

CONTENTS = 32 * 2**20
"""Bytes of the table of contents of a class's archive: more than 300,000 files."""
OWN_CONTENTS = 2**20
"""And of one student's own archive: more than 10,000 files."""
_DAMAGED = (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error, RuntimeError)
_ENCRYPTED = 1
_UTF8 = 0x800


def archive(stream: BinaryIO, name: str, place: str, most: int = CONTENTS) -> Tree:
    """The archive that `stream` holds, which must stay open as long as entries are read.

    Raises HandinError, in one sentence, for what is no archive, is damaged as a whole, or has too many entries.
    """
    bounded = _Bounded(stream, most)
    try:
        opened = ZipFile(cast(BinaryIO, bounded))
    except _TooManyError:
        raise HandinError(
            said("The archive has too many files in it: hand in only those that are asked for.")
        ) from None
    except (*_DAMAGED, UnicodeError, OverflowError):
        raise HandinError(_broken(stream)) from None
    bounded.lift()
    found = list(_entries(opened, place))
    counts = Counter(entry.path for entry in found)
    entries = [_twice(entry) if counts[entry.path] > 1 else entry for entry in found]
    entries.sort(key=lambda entry: entry.path.parts)
    return Tree(name=name, place=place, entries=tuple(entries))


class _TooManyError(Exception):
    """The table of contents is longer than is read."""


class _Bounded(io.RawIOBase):
    """A stream of which no more than `most` bytes are read at once: zipfile reads a table of contents at once.

    Once that is read, the bound is lifted: an entry has its own, and may be larger than the table.
    """

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._most: int | None = most

    def lift(self) -> None:
        self._most = None

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        if self._most is None:
            return self._stream.read(size)
        if size > self._most:
            raise _TooManyError
        return self._stream.read(self._most if size < 0 else size)


def _broken(stream: BinaryIO) -> str:
    """What is wrong with an archive that cannot be opened, as far as its first bytes tell."""
    stream.seek(0)
    start = stream.read(4)
    if not start:
        return said("The archive is empty (0 bytes): zip your files and hand the archive in again.")
    if start[:2] != b"PK":
        return said("The archive is no zip file, whatever its name says: zip your files and hand the archive in again.")
    return said("The archive is damaged or was cut off on its way: zip your files and hand the archive in again.")


def _entries(opened: ZipFile, place: str) -> Iterator[Entry]:
    """Everything but litter; of folders only those that hold nothing."""
    folders: dict[PurePosixPath, Entry] = {}
    full: set[PurePosixPath] = set()
    for info in opened.infolist():
        path, astray = inside(_name(info))
        if any(map(is_litter, path.parts)) or not path.parts:
            continue
        is_deep = len(path.parts) > DEEPEST + 1
        if is_deep:  # a name may have 32,767 folders in it, each of which would be kept with all those above it
            path = PurePosixPath(*path.parts[: DEEPEST + 1])
        full.update(path.parents)
        told = f"{place}/{path}"
        if is_deep or _is_folder(info):
            problem = TOO_DEEP if is_deep else EMPTY_FOLDER
            folders[path] = Entry(path=path, size=0, problem=problem, read=bytes, place=told, is_folder=True)
            continue
        read = partial(_content, opened, info)
        yield Entry(path=path, size=info.file_size, problem=astray or _problem(info), read=read, place=told)
    yield from (entry for path, entry in folders.items() if path not in full)


def _name(info: ZipInfo) -> str:
    """The name as its writer meant it: UTF-8 is often written without the flag that says so."""
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _is_folder(info: ZipInfo) -> bool:
    return info.orig_filename.endswith(("/", "\\")) or stat.S_ISDIR(info.external_attr >> 16)


def _problem(info: ZipInfo) -> str:
    """Why an entry is not read; empty if it is."""
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return LINK
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return NO_FILE
    if info.flag_bits & _ENCRYPTED:
        return said("It is encrypted: zip it again without a password.")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return said(
            "It is compressed in a way that is not read here (number {number}): zip it the ordinary way.",
            number=info.compress_type,
        )
    return ""


def _twice(entry: Entry) -> Entry:
    return replace(entry, problem=entry.problem or said("The archive holds two files of this name: keep one of them."))


def _content(opened: ZipFile, info: ZipInfo) -> bytes:
    """As many bytes as were announced, whose checksum is right. Raises OSError with a sentence if they are not."""
    try:
        with opened.open(info) as stream:
            content = stream.read(info.file_size + 1)
    except (*_DAMAGED, MemoryError):
        content = None
    if content is None or len(content) != info.file_size:
        raise OSError(0, said("it is damaged in the archive: zip it and hand it in again")) from None
    return content


def archive_of(content: bytes, name: str, place: str) -> Tree:
    """One student's own archive, which is in memory."""
    return archive(io.BytesIO(content), name, place, OWN_CONTENTS)
