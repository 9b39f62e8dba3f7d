"""The reply decoder: any frame is a Reply or a WireError, in bounded time and memory; what passes is gradable."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, replace
from functools import cache
from random import Random
from typing import Any
from xml.etree import ElementTree

from tests.fuzz import mutation
from tests.fuzz.questions import honest, questions
from tests.fuzz.targets import Target, within_bytes, within_seconds

from torchgrade.errors import WireError
from torchgrade.model.finding import Attempt
from torchgrade.model.kinds import Writer
from torchgrade.model.report import Header
from torchgrade.sandbox import answers
from torchgrade.wire import frames, replies
from torchgrade.wire.replies import Reply
from torchgrade.wire.values import ITEMSIZE
from torchgrade.writers import WRITERS
from torchgrade.writers.classroom50 import Classroom50, Identity

NUMBER = 1
SECONDS = 2.0
CONSTANT = 200_000
BYTES = 40
"""Of memory for each byte of a frame: `[],` are three bytes, and a list of 56 with its place in another."""
SAMPLED = 16
LONGEST = 8192
HEADER = Header(versions={}, isolation="process", seed="")
MAGIC: tuple[Any, ...] = (
    *(0, 1, -1, 2, 3, 33, 2**31 - 1, 2**31, 2**53 + 1, 2**62, 2**63, 2**64, -(2**63), 10**30, 10**4299),
    *(0.0, -0.0, 0.5, 1e308, 5e-324, math.inf, -math.inf, math.nan),
    *(None, True, False, "", "x", "\ud800", "\x00\x1b[2J", "<a>&]]>", "::error::", "x" * 300, "9**9", "a", "nan"),
    *([], {}, [[]], [0], [0, 0], [1] * 33, [2**31, 2**31], [2**62, 0], [["x", None]], [True] * 3),
)
_KINDS = "snapshot derivatives incident exception exited our_fault"
_VALUES = "series record expression opaque int float complex str none symbol bool"
WORDS = (*ITEMSIZE, *_VALUES.split(), *_KINDS.split())


def check(frame: bytes) -> None:
    """Decode; what is decoded crosses again unchanged, and what answers a question is graded and reported."""
    with within_seconds(SECONDS):
        announced(frame)
        reply = decoded(frame)
    if reply is None:
        return
    loading(frame)
    again = replies.encode(reply)
    assert replies.encode(replies.decode(again, len(reply.answers))) == again, "it crosses changed"
    for question in questions():
        with within_seconds(SECONDS):
            try:
                found = answers.measuring(frame, NUMBER, question.case.inputs, question.probes)
            except WireError as error:
                told(error)
                continue
            attempt = question.judged(found)
            reported(attempt, frame)


def announced(frame: bytes) -> None:
    """The size is refused, or within bounds."""
    if len(frame) < frames.PREFIX.size:
        return
    try:
        assert frames.announced(frame[: frames.PREFIX.size]) <= frames.MAX_FRAME
    except WireError as error:
        told(error)


def decoded(frame: bytes) -> Reply | None:
    """The reply, measuring in some runs what it takes."""
    try:
        if not sampled(frame):
            return replies.decode(frame, 3)
        with within_bytes(CONSTANT + BYTES * len(frame)):
            return replies.decode(frame, 3)
    except WireError as error:
        told(error)
    return None


def sampled(frame: bytes) -> bool:
    """Some frames, always the same."""
    return sum(frame[-64:]) % SAMPLED == 0


def loading(frame: bytes) -> None:
    """The same frame as an answer to a Load."""
    try:
        answers.loading(frame, NUMBER)
    except WireError as error:
        told(error)


def told(error: WireError) -> None:
    """Students read it: one short line."""
    assert error.message.isprintable(), f"unprintable: {error.message!r}"
    assert len(error.message) <= 5000, f"{len(error.message)} characters"


def reported(attempt: Attempt, frame: bytes) -> None:
    """Every format says it in clean text."""
    if not sampled(frame):
        return
    for kind, writer in writers().items():
        text = b"".join(writer.render(HEADER, (attempt,))).decode("utf-8")
        if kind == "junit":
            ElementTree.fromstring(text)  # noqa: S314 - our own report
        assert "\x1b[2J" not in text, f"{kind} lets a terminal's control sequence through"


@cache
def writers() -> Mapping[str, Writer]:
    """All of them; what one must be told of the submission is honest."""
    whose = Identity(**{field.name: "x" for field in fields(Identity) if field.default is MISSING})
    return {
        kind: replace(writer, identity=whose) if isinstance(writer, Classroom50) else writer
        for kind, writer in WRITERS.items()
    }


@cache
def seeds() -> tuple[bytes, ...]:
    """Honest replies."""
    return tuple(dict.fromkeys(replies.encode(Reply(number=NUMBER, answers=each)) for each in honest()))


@cache
def parts() -> tuple[Any, ...]:
    """What stands in the headers of honest replies."""
    headers = [frames.unpack(seed).header for seed in seeds()]
    return tuple(holder[key] for header in headers for holder, key in places(header))


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every key and index in a JSON value, with what holds it; some are deeper than a function could follow."""
    waiting = [data]
    while waiting:
        holder = waiting.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            yield holder, key
            waiting.append(holder[key])


def mutate(frame: bytes, random: Random) -> bytes:
    """Change the header's JSON, make the body as long as its tensors claim, and the lengths right; sometimes not."""
    if random.random() < 0.05:
        return mutation.in_bytes(frame, random)
    try:
        parsed = frames.unpack(frame)
    except WireError:
        parsed = frames.unpack(random.choice(seeds()))
    header, body = parsed.header, bytes(parsed.body)
    try:
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            header = changed(header, random)
        text = json.dumps(header, separators=(",", ":")).encode("ascii")
    except (ValueError, RecursionError):  # an integer of too many digits, or too deep to be written
        return frame
    if len(text) > LONGEST // 2:
        return random.choice(seeds())
    if random.random() < 0.3:
        body = mutation.in_bytes(body, random)
    if random.random() < 0.9:
        body = fitted(body, claimed(header), random)
    return packed(text, body, random)


def packed(text: bytes, body: bytes, random: Random) -> bytes:
    """The frame, now and then with a spoiled header or a wrong length."""
    if random.random() < 0.05:
        text = mutation.in_bytes(text, random)
    lengths = [len(text), len(body)]
    if random.random() < 0.05:
        lengths[random.randrange(2)] = random.choice((0, 1, 2**22, 2**26, 2**32 - 1, len(text) + 1))
    return struct.pack("!II", *lengths) + text + body


def changed(header: Any, random: Random) -> Any:
    """One place of a JSON value changed."""
    copy = json.loads(json.dumps(header))
    found = list(places(copy))
    if not found or random.random() < 0.01:
        return random.choice(MAGIC)
    holder, key = random.choice(found)
    random.choice(CHANGES)(holder, key, holder[key], random)
    return copy


def removed(holder: Any, key: Any, value: Any, random: Random) -> None:
    """Gone."""
    del holder[key]


def replaced(holder: Any, key: Any, value: Any, random: Random) -> None:
    """Something else, of another kind as a rule."""
    holder[key] = random.choice(MAGIC)


def borrowed(holder: Any, key: Any, value: Any, random: Random) -> None:
    """A part of another reply."""
    holder[key] = random.choice(parts())


def alike(holder: Any, key: Any, value: Any, random: Random) -> None:
    """Something of the same kind."""
    if isinstance(value, bool):
        holder[key] = not value
    elif isinstance(value, int):
        holder[key] = random.choice((value + 1, value - 1, -value, value * 2, random.choice(MAGIC)))
    elif isinstance(value, str):
        holder[key] = random.choice((random.choice(WORDS), value * 2, value + "\x1b[2J"))
    elif isinstance(value, list):
        holder[key] = random.choice((value * 2, value[1:], value[::-1], [*value, random.choice(parts())]))
    else:
        holder[key] = random.choice(MAGIC)


def nested(holder: Any, key: Any, value: Any, random: Random) -> None:
    """Deeper in series, as often as is allowed and once more."""
    for _ in range(random.choice((1, 1, 2, 2, 31, 32, 33, 200))):
        value = {"is": "series", "type": "list", "names": [], "items": [value]}
    holder[key] = value


def many(holder: Any, key: Any, value: Any, random: Random) -> None:
    """Many times over."""
    holder[key] = [value] * random.choice((2, 3, 16, 40))


CHANGES: tuple[Callable[[Any, Any, Any, Random], None], ...] = (removed, replaced, borrowed, alike, alike, nested, many)


def claimed(header: Any) -> int:
    """The bytes that the tensors of a header say they have, as far as that is a size at all."""
    total = 0
    for holder, key in places(header):
        if key == 1 and isinstance(holder[0], str) and isinstance(holder[1], list):  # a tensor's list
            sizes = [size for size in holder[1] if type(size) is int]
            total += math.prod(sizes) * ITEMSIZE.get(holder[0], 0)
    return total


def fitted(body: bytes, size: int, random: Random) -> bytes:
    """A body of that size, if it is a small one."""
    if not 0 <= size <= 4096:
        return body
    return (body + random.randbytes(max(0, size - len(body))))[:size]


TARGET = Target(
    name="reply",
    longest=LONGEST,
    words=WORDS,
    seeds=seeds,
    check=check,
    mutate=mutate,
)
