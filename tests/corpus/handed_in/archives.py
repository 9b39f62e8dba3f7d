"""Archives, well made and broken on purpose."""

from __future__ import annotations

import io
import stat
import struct
import warnings
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

GOOD = b"def double(x):\n    return 2 * x\n"
MEGABYTE = 2**20
_LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"


def archive(*files: tuple[str | ZipInfo, bytes], way: int = ZIP_DEFLATED) -> bytes:
    """A zip of these files, whatever their names."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), ZipFile(stream, "w", way) as zipped:
        warnings.simplefilter("ignore")  # of names that are there already
        for name, content in files:
            zipped.writestr(name, content, way)
    return stream.getvalue()


def special(name: str, mode: int) -> ZipInfo:
    """An entry of another kind: a link, a pipe."""
    info = ZipInfo(name)
    info.create_system = 3
    info.external_attr = (mode | 0o644) << 16
    return info


def link(name: str) -> ZipInfo:
    return special(name, stat.S_IFLNK)


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with every `old` replaced, of the same length: names that zipfile would not write."""
    assert len(old) == len(new)
    assert old in data
    return data.replace(old, new)


def encrypted(data: bytes) -> bytes:
    """The archive, which says that what is in it is encrypted."""
    return _flagged(data, 0x1)


def utf8(data: bytes) -> bytes:
    """The archive, which says that its names are UTF-8."""
    return _flagged(data, 0x800)


def _flagged(data: bytes, flag: int) -> bytes:
    edited = bytearray(data)
    for mark, offset in ((_LOCAL, 6), (_CENTRAL, 8)):
        for start in _starts(data, mark):
            (flags,) = struct.unpack_from("<H", edited, start + offset)
            struct.pack_into("<H", edited, start + offset, flags | flag)
    return bytes(edited)


def announcing(data: bytes, size: int) -> bytes:
    """The archive, whose table of contents says that every file has `size` bytes."""
    edited = bytearray(data)
    for start in _starts(data, _CENTRAL):
        struct.pack_into("<I", edited, start + 24, size)
    return bytes(edited)


def damaged(data: bytes, content: bytes = GOOD) -> bytes:
    """The archive of uncompressed files, with a bit of that content turned over."""
    place = data.index(content) + len(content) // 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def overlapping() -> bytes:
    """Two entries of the table of contents for the same bytes."""
    data = archive(("notes.txt", GOOD), ("solution.py", GOOD), way=ZIP_STORED)
    edited = bytearray(data)
    _, second = _starts(data, _CENTRAL)
    struct.pack_into("<I", edited, second + 42, 0)
    return bytes(edited)


def many(count: int) -> bytes:
    """An archive of so many empty files."""
    return archive(*((f"{number:0100}.txt", b"") for number in range(count)), way=ZIP_STORED)


def _starts(data: bytes, mark: bytes) -> Iterable[int]:
    start = data.find(mark)
    found = []
    while start >= 0:
        found.append(start)
        start = data.find(mark, start + 4)
    return found
