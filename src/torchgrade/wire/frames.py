"""Frames: a JSON header and raw bytes, both of a length that is checked before anything is read or parsed."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TypeAlias, Union

from torchgrade.errors import WireError

PREFIX = struct.Struct("!II")
MAX_HEADER = 4 * 2**20
MAX_FRAME = 80 * 2**20
_JSON = json.JSONEncoder(separators=(",", ":"), check_circular=False)  # headers are built of Values, which are trees

Json: TypeAlias = Union[dict[str, "Json"], list["Json"], str, int, float, bool, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A header as JSON values, and the bytes of the tensors in it."""

    header: object
    body: bytes | memoryview


def pack(header: Json, blobs: list[bytes]) -> bytes:
    """One frame."""
    text = _JSON.encode(header).encode("ascii")
    return b"".join((PREFIX.pack(len(text), sum(map(len, blobs))), text, *blobs))


def added(frame: bytes, fields: dict[str, Json]) -> bytes:
    """The frame with some fields more in its header, none of which it has; nothing is encoded anew."""
    header, body = PREFIX.unpack_from(frame)
    more = _JSON.encode(fields).encode("ascii")[:-1] + b","
    return b"".join((PREFIX.pack(header + len(more) - 1, body), more, frame[PREFIX.size + 1 :]))


def announced(prefix: bytes | bytearray) -> int:
    """The size of the whole frame that begins with these eight bytes; refuses what is larger than a reply may be."""
    header, body = PREFIX.unpack_from(prefix)
    size = PREFIX.size + int(header) + int(body)
    if header > MAX_HEADER or size > MAX_FRAME:
        raise WireError(
            f"a reply of {size:,} bytes, {header:,} of them header; {MAX_FRAME:,} and {MAX_HEADER:,} are allowed"
        )
    return size


def unpack(frame: bytes | bytearray) -> Frame:
    """Parse a whole frame."""
    if len(frame) < PREFIX.size:
        raise WireError(f"a frame of {len(frame)} bytes; it takes at least {PREFIX.size}")
    header, body = PREFIX.unpack_from(frame)
    view = memoryview(frame)[PREFIX.size :]
    if len(view) != header + body:
        raise WireError(f"a frame of {len(view)} bytes that announced {header + body}")
    try:
        return Frame(header=json.loads(str(view[:header], "ascii")), body=view[header:])
    except (ValueError, RecursionError) as error:  # not JSON, not text, an endless number, or too many brackets
        raise WireError(f"a header that is no JSON: {type(error).__name__}") from None
