"""What a worker answers: claims, each of them bounded and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torchgrade.errors import WireError
from torchgrade.model.observation import Derivatives, Frame, Incident, IncidentKind, Observation, Snapshot
from torchgrade.model.value import Tensor, Value
from torchgrade.wire import frames
from torchgrade.wire.fields import clean, exactly, field, integers, mapping, texts
from torchgrade.wire.frames import Json
from torchgrade.wire.values import MAX_ITEMS, MAX_WORDS, Decoder, Encoder, data_size

MAX_MESSAGE = 2_000
MAX_FRAMES = 16
CLAIMABLE = frozenset(IncidentKind) - {
    IncidentKind.TIME_LIMIT,
    IncidentKind.CPU_LIMIT,
    IncidentKind.CRASHED,
    IncidentKind.BAD_REPLY,
    IncidentKind.NOT_RUN,
    IncidentKind.UNREADABLE,
    IncidentKind.NOT_ALLOWED,
    IncidentKind.CLAIMED_FAULT,
}
"""What a worker may say stopped it; the others are for the parent to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answers to request `number`, in the order of its probes; a Load that worked has none."""

    number: int
    answers: tuple[Observation | Incident, ...]


def encode(reply: Reply) -> bytes:
    """The frame of a reply; it may be larger than is allowed (`fits`)."""
    encoder = Encoder()
    answers: list[Json] = [_answer(answer, encoder) for answer in reply.answers]
    return frames.pack({"number": reply.number, "answers": answers}, encoder.blobs)


def fits(frame: bytes) -> bool:
    """True if the parent will read this frame."""
    try:
        frames.announced(frame)
    except WireError:
        return False
    return True


def decode(frame: bytes | bytearray, probes: int) -> Reply:
    """A reply with at most one answer for each probe; a WireError if it is anything else."""
    parsed = frames.unpack(frame)
    decoder = Decoder(parsed.body, MAX_ITEMS * max(1, probes))
    header = mapping(parsed.header)
    answers = exactly(list, field(header, "answers"))
    reply = Reply(
        number=exactly(int, field(header, "number")),
        answers=tuple(_read(mapping(answer), decoder) for answer in answers),
    )
    decoder.finish()
    return reply


def _answer(answer: Observation | Incident, encoder: Encoder) -> Json:
    match answer:
        case Snapshot():
            after: list[Json] = [[name, encoder.value(value)] for name, value in answer.after.items()]
            return {"is": "snapshot", "after": after, "returned": encoder.value(answer.returned)}
        case Derivatives():
            return {
                "is": "derivatives",
                "shape": list(answer.shape),
                "product": _tensors(answer.product, encoder),
                "full": _tensors(answer.full, encoder),
                "problem": answer.problem,
            }
        case Incident():
            return {
                "is": "incident",
                "kind": answer.kind.value,
                "message": answer.message,
                "exception": answer.exception,
                "bases": list(answer.bases),
                "frames": [[frame.filename, frame.line, frame.function, frame.text] for frame in answer.frames],
            }


def _tensors(tensors: Mapping[str, Tensor | None], encoder: Encoder) -> Json:
    return [[name, encoder.tensor(tensor)] for name, tensor in tensors.items()]


def _read(data: dict[str, object], decoder: Decoder) -> Observation | Incident:
    match field(data, "is"):
        case "snapshot":
            after: dict[str, Value] = {name: decoder.value(item) for name, item in _entries(field(data, "after"))}
            return Snapshot(returned=decoder.value(field(data, "returned")), after=after)
        case "derivatives":
            return _derivatives(data, decoder)
        case "incident":
            return _incident(data)
        case _:
            raise WireError("an answer of no known kind")


def _derivatives(data: dict[str, object], decoder: Decoder) -> Derivatives:
    shape = integers(field(data, "shape"))
    data_size("float64", shape)
    product = {name: decoder.tensor(item) for name, item in _entries(field(data, "product"))}
    full = {name: decoder.tensor(item) for name, item in _entries(field(data, "full"))}
    problem = clean(exactly(str, field(data, "problem")), MAX_WORDS)
    return Derivatives(shape=shape, product=product, full=full, problem=problem)


def _entries(data: object) -> list[tuple[str, object]]:
    pairs = [exactly(list, pair) for pair in exactly(list, data)]
    if any(len(pair) != 2 for pair in pairs):
        raise WireError("an entry that is no pair")
    return [(clean(exactly(str, name), MAX_WORDS), item) for name, item in pairs]


def _incident(data: dict[str, object]) -> Incident:
    kind = exactly(str, field(data, "kind"))
    if kind not in CLAIMABLE:
        raise WireError("an incident that a worker cannot know of")
    return Incident(
        kind=IncidentKind(kind),
        message=clean(exactly(str, field(data, "message")), MAX_MESSAGE),
        exception=clean(exactly(str, field(data, "exception")), MAX_WORDS),
        bases=tuple(clean(name, MAX_WORDS) for name in texts(field(data, "bases"))[:MAX_FRAMES]),
        frames=tuple(_frame(exactly(list, item)) for item in exactly(list, field(data, "frames"))[:MAX_FRAMES]),
    )


def _frame(data: Sequence[object]) -> Frame:
    if len(data) != 4:
        raise WireError("a line of a traceback without its parts")
    line = exactly(int, data[1])
    if not 0 <= line < 2**31:
        raise WireError("a line that no file has")
    return Frame(
        filename=clean(exactly(str, data[0]), MAX_WORDS),
        line=line,
        function=clean(exactly(str, data[2]), MAX_WORDS),
        text=clean(exactly(str, data[3]), MAX_WORDS),
    )
