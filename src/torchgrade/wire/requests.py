"""What the judge asks of a worker. Nothing here may ever tell what is right: no expected value, no name of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, Union

from torchgrade.errors import WireError
from torchgrade.model.probe import Cell, Plan, Probe, ProbeOp, Source
from torchgrade.model.value import Tensor, Value
from torchgrade.wire.fields import exactly, field, integers, mapping, texts
from torchgrade.wire.frames import Frame, Json, added, pack
from torchgrade.wire.values import Decoder, Encoder

_UNBOUNDED = 2**62  # items in a request, which comes from the trusted side


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Run the source and find the entry point; `plan` is how later requests name what was loaded.

    The source's `files` come with the first Load of a child only, which keeps them.
    """

    number: int
    plan: int
    source: Source
    entrypoint: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    call: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Take these probes, one after another, each with inputs built afresh. The probes' `case` is empty."""

    number: int
    plan: int
    inputs: Mapping[str, Value]
    probes: tuple[Probe, ...]


Request: TypeAlias = Union[Load, Measure]


def load(number: int, index: int, plan: Plan, source: Source) -> bytes:
    """The frame of a Load."""
    header: Json = {
        "ask": "load",
        "number": number,
        "plan": index,
        "text": source.text,
        "filename": source.filename,
        **_beside(source),
        "entrypoint": plan.entrypoint,
        "parameters": list(plan.parameters),
        "returns": list(plan.returns),
        "call": plan.call,
    }
    return pack(header, [content for _, content in source.files])


def _beside(source: Source) -> dict[str, Json]:
    """What few submissions have."""
    cells: list[Json] = [[cell.name, cell.first, cell.problem, cell.line] for cell in source.cells]
    files: list[Json] = [[name, len(content)] for name, content in source.files]
    return {name: listed for name, listed in (("cells", cells), ("files", files)) if listed}


def question(inputs: Mapping[str, Value], probes: tuple[Probe, ...]) -> bytes:
    """The frame of what a Measure asks, without its numbers: the same for all submissions."""
    encoder = Encoder()
    header: Json = {
        "ask": "measure",
        "inputs": [[name, encoder.value(value)] for name, value in inputs.items()],
        "probes": [_probe(probe, encoder) for probe in probes],
    }
    return pack(header, encoder.blobs)


def measure(number: int, index: int, question: bytes) -> bytes:
    """The frame of a Measure."""
    return added(question, {"number": number, "plan": index})


def decode(frame: Frame) -> Request:
    """A request, on the worker's side."""
    header = mapping(frame.header)
    match field(header, "ask"):
        case "load":
            return _load(header, frame.body)
        case "measure":
            return _measure(header, Decoder(frame.body, _UNBOUNDED))
        case _:
            raise WireError("a request of no known kind")


def _load(header: dict[str, object], body: bytes | memoryview) -> Load:
    call = field(header, "call")
    return Load(
        number=exactly(int, field(header, "number")),
        plan=exactly(int, field(header, "plan")),
        source=_source(header, body),
        entrypoint=exactly(str, field(header, "entrypoint")),
        parameters=texts(field(header, "parameters")),
        returns=texts(field(header, "returns")),
        call=None if call is None else exactly(str, call),
    )


def _source(header: dict[str, object], body: bytes | memoryview) -> Source:
    cells = [exactly(list, cell) for cell in exactly(list, header.get("cells", []))]
    files, end = [], 0
    for name, size in (exactly(list, file) for file in exactly(list, header.get("files", []))):
        end += exactly(int, size)
        files.append((exactly(str, name), bytes(body[end - size : end])))
    if end != len(body):
        raise WireError(f"{len(body)} bytes of files where {end} were announced")
    return Source(
        text=exactly(str, field(header, "text")),
        filename=exactly(str, field(header, "filename")),
        files=tuple(files),
        cells=tuple(
            Cell(
                name=exactly(str, name),
                first=exactly(int, first),
                problem=exactly(str, problem),
                line=exactly(int, line),
            )
            for name, first, problem, line in cells
        ),
    )


def _measure(header: dict[str, object], decoder: Decoder) -> Measure:
    pairs = [exactly(list, pair) for pair in exactly(list, field(header, "inputs"))]
    inputs = {exactly(str, name): decoder.value(value) for name, value in pairs}
    probes = tuple(_asked(mapping(data), decoder) for data in exactly(list, field(header, "probes")))
    decoder.finish()
    return Measure(
        number=exactly(int, field(header, "number")),
        plan=exactly(int, field(header, "plan")),
        inputs=inputs,
        probes=probes,
    )


def _probe(probe: Probe, encoder: Encoder) -> Json:
    if probe.op is ProbeOp.VALUE:
        return {"op": probe.op.value}
    return {
        "op": probe.op.value,
        "of": probe.of,
        "wrt": list(probe.wrt),
        "order": probe.order,
        "cotangent": list(probe.cotangent),
        "full": probe.full,
        "seeds": [[name, encoder.tensor(seed)] for name, seed in probe.seeds],
    }


def _asked(data: dict[str, object], decoder: Decoder) -> Probe:
    op = ProbeOp(exactly(str, field(data, "op")))
    if op is ProbeOp.VALUE:
        return Probe(op=op, case="")
    seeds = [exactly(list, pair) for pair in exactly(list, field(data, "seeds"))]
    return Probe(
        op=op,
        case="",
        of=exactly(str, field(data, "of")),
        wrt=texts(field(data, "wrt")),
        order=exactly(int, field(data, "order")),
        cotangent=integers(field(data, "cotangent")),
        full=exactly(int, field(data, "full")),
        seeds=tuple((exactly(str, name), _given(decoder.tensor(seed))) for name, seed in seeds),
    )


def _given(seed: Tensor | None) -> Tensor:
    if seed is None:
        raise WireError("a seed that is no tensor")
    return replace(seed, requires_grad=False)
