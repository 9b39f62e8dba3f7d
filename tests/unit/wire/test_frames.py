"""Frames: what is packed is unpacked, and nothing else is."""

from __future__ import annotations

import json

import pytest

from torchgrade.errors import WireError
from torchgrade.wire import frames


def framed(header: bytes, body: bytes = b"") -> bytes:
    return frames.PREFIX.pack(len(header), len(body)) + header + body


def test_round_trip():
    packed = frames.pack({"a": [1, "é", None]}, [b"xy", b"", b"z"])
    frame = frames.unpack(packed)
    assert (frame.header, bytes(frame.body)) == ({"a": [1, "é", None]}, b"xyz")
    assert frames.announced(packed[: frames.PREFIX.size]) == len(packed)


@pytest.mark.parametrize(
    ("header", "body", "message"),
    [
        (frames.MAX_HEADER + 1, 0, "a reply of 4,194,313 bytes, 4,194,305 of them header"),
        (0, frames.MAX_FRAME, "a reply of 83,886,088 bytes, 0 of them header"),
        (2**32 - 1, 2**32 - 1, "a reply of 8,589,934,598 bytes, 4,294,967,295 of them header"),
    ],
)
def test_what_is_announced_is_bounded(header, body, message):
    with pytest.raises(WireError) as refusal:
        frames.announced(frames.PREFIX.pack(header, body))
    assert str(refusal.value) == f"{message}; 83,886,080 and 4,194,304 are allowed"


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (b"1234567", "a frame of 7 bytes; it takes at least 8"),
        (framed(b"{}")[:-1], "a frame of 1 bytes that announced 2"),
        (framed(b"{}") + b"x", "a frame of 3 bytes that announced 2"),
        (framed(b"{"), "a header that is no JSON: JSONDecodeError"),
        (framed(b"\xff"), "a header that is no JSON: UnicodeDecodeError"),
        (framed(b"9" * 5000), "a header that is no JSON: ValueError"),
        (framed(b"[" * 400_000), "a header that is no JSON: RecursionError"),
    ],
)
def test_what_is_no_frame_is_refused(frame, message):
    with pytest.raises(WireError) as refusal:
        frames.unpack(frame)
    assert str(refusal.value) == message


def test_headers_are_ascii():
    assert (
        frames.pack({"a": "\ud800é"}, [])[frames.PREFIX.size :]
        == json.dumps({"a": "\ud800é"}).replace(" ", "").encode()
    )


def test_fields_are_added_to_a_frame_without_encoding_it_anew():
    whole = frames.added(frames.pack({"a": [1]}, [b"xy"]), {"number": 7, "plan": 0})
    assert frames.unpack(whole).header == {"number": 7, "plan": 0, "a": [1]}
    assert bytes(frames.unpack(whole).body) == b"xy"
