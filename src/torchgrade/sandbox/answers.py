"""What a child claims, held against what was asked: an answer of another kind or shape is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from torchgrade.errors import WireError
from torchgrade.model.observation import Derivatives, Incident, IncidentKind, Observation, Snapshot
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.value import Tensor, Value
from torchgrade.model.verdict import Verdict
from torchgrade.wire import replies

Answers = tuple[Observation | Incident, ...]


def loading(reply: bytes, number: int) -> Incident | None:
    """The answer to a Load: nothing, or what stood in its way."""
    answers = _numbered(reply, number, 1)
    if not answers:
        return None
    if len(answers) > 1 or not isinstance(answers[0], Incident):
        raise WireError("it answered something else than it was asked")
    return answers[0]


def measuring(reply: bytes, number: int, inputs: Mapping[str, Value], probes: tuple[Probe, ...]) -> Answers:
    """The answers to a Measure, one for each probe."""
    answers = _numbered(reply, number, len(probes))
    if len(answers) != len(probes):
        raise WireError(f"it gave {len(answers)} answers to {len(probes)} questions")
    for probe, answer in zip(probes, answers, strict=True):
        if isinstance(answer, Incident):
            _refuse_late(answer)
        elif not _fits(probe, answer, inputs):
            raise WireError("it answered something else than it was asked")
    return answers


def _refuse_late(incident: Incident) -> None:
    """A file that was loaded cannot fail to load: students are told such Incidents in full, hidden inputs and all."""
    if incident.verdict is Verdict.INVALID_SUBMISSION:
        raise WireError("it says of a file that was loaded that it cannot be")


def _numbered(reply: bytes, number: int, probes: int) -> Answers:
    decoded = replies.decode(reply, probes)
    if decoded.number != number:
        raise WireError("it answered another question")
    return tuple(map(_marked, decoded.answers))


def _marked(answer: Observation | Incident) -> Observation | Incident:
    """A fault of ours that we only have a worker's word for."""
    if isinstance(answer, Incident) and answer.kind is IncidentKind.OUR_FAULT:
        return replace(answer, kind=IncidentKind.CLAIMED_FAULT)
    return answer


def _fits(probe: Probe, answer: Observation, inputs: Mapping[str, Value]) -> bool:
    if isinstance(answer, Snapshot):
        return probe.op is ProbeOp.VALUE and set(answer.after) == set(inputs)
    return probe.op is ProbeOp.GRADIENT and (bool(answer.problem) or _has_shapes(probe, answer, inputs))


def _has_shapes(probe: Probe, answer: Derivatives, inputs: Mapping[str, Value]) -> bool:
    """Derivatives have the shapes of their parameters, so that the judge may take that for granted."""
    shapes = {name: value.shape for name in probe.wrt if isinstance(value := inputs.get(name), Tensor)}
    below = math.prod(answer.shape) if probe.order == 1 else sum(map(math.prod, shapes.values()))
    if set(answer.product) != set(probe.wrt) or (answer.full and set(answer.full) != set(probe.wrt)):
        return False
    rows = {name: (below, *shape) for name, shape in shapes.items()}
    return (not answer.full or below <= probe.full) and _shaped(answer.product, shapes) and _shaped(answer.full, rows)


def _shaped(tensors: Mapping[str, Tensor | None], shapes: Mapping[str, tuple[int, ...]]) -> bool:
    return all(tensor is None or tensor.shape == shapes.get(name) for name, tensor in tensors.items())
