"""The repeat: the first case of an exercise is asked again last, and must be answered bit for bit as it was at first.

An answer that depends on more than its parameters (a global, a cache, memory that nothing has written, a count of
calls, chance) may be right once. By then hidden inputs have been seen, so nothing of the repeat is told but that it
differs: no value, no print, no exception.
"""

from __future__ import annotations

import struct
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace

from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.finding import Evidence, Judgement
from torchgrade.model.observation import Derivatives, Incident, IncidentKind, Observation, Snapshot
from torchgrade.model.probe import Plan, Probe
from torchgrade.model.said import said
from torchgrade.model.value import Record, Scalar, Series, Tensor, Value
from torchgrade.model.verdict import Verdict

AGAIN = "~again"
"""The repeat's name among the cases of a plan."""
_ANOTHER = said("Asked the same again at the end, your function answered something else than at first.")
_NOTHING = said("Asked the same again at the end, your function did not answer as it did at first.")
_HELP = said(
    "The same parameters must give the same result: look for globals and caches, for `torch.empty` that is not filled, "
    "and for chance."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsteady(Judgement):
    """An answer that was right, and not given again."""


def asked_again(plan: Plan) -> Plan:
    """The plan with its first case once more at the end, and hidden."""
    if not plan.cases:
        return plan
    first = plan.cases[0]
    repeat = replace(first, name=AGAIN, visible=False)
    probes = (_again(probe) for probe in plan.probes if probe.case == first.name)
    return replace(plan, cases=(*plan.cases, repeat), probes=(*plan.probes, *probes))


def is_repeated(case: Case, plan: Plan) -> bool:
    """Whether the plan asks this case again."""
    return bool(plan.cases) and plan.cases[-1].name == AGAIN and plan.cases[0].name == case.name


def unsteady(check: Check, evidence: Evidence) -> Unsteady | None:
    """What becomes of an accepted case that is asked again; None if the repeat bears it out.

    Conditions must hold again, for other objects than before; everything else must have the same bits as well.
    """
    pairs = tuple(_pairs(evidence))
    has_same_bits = all(bits_of(first) == bits_of(again) for first, again in pairs)
    if has_same_bits and all(first == again for first, again in pairs):
        return None
    stop = next((again for first, again in pairs if isinstance(again, Incident) and first != again), None)
    if stop is not None and stop.kind is IncidentKind.NOT_RUN and _has_died(evidence.observed):
        return None
    anew = {probe: again for probe, (_, again) in zip(evidence.probes, pairs, strict=True)}
    if check.judge(replace(evidence, observed={**evidence.observed, **anew})).verdict is not Verdict.ACCEPTED:
        verdict = Verdict.WRONG_ANSWER if stop is None else stop.verdict
        return Unsteady(verdict=verdict, rationale=_NOTHING if stop else _ANOTHER, help=_HELP)
    if has_same_bits or check.is_condition():
        return None
    return Unsteady(verdict=Verdict.WRONG_ANSWER, rationale=_ANOTHER, help=_HELP)


def _again(probe: Probe) -> Probe:
    return replace(probe, case=AGAIN)


def _pairs(evidence: Evidence) -> Iterator[tuple[Observation | Incident, Observation | Incident]]:
    """What was observed at first and at last."""
    for probe in evidence.probes:
        yield evidence.observed[probe], evidence.observed[_again(probe)]


def _has_died(observed: Mapping[Probe, Observation | Incident]) -> bool:
    """Whether anything ended the process, after which cases are not run; a submission may only claim so."""
    incidents = (each for each in observed.values() if isinstance(each, Incident))
    return any(each.kind is not IncidentKind.NOT_RUN for each in incidents)


def bits_of(observation: Observation | Incident) -> Hashable:
    """The numbers of an observation: NaN is NaN, 0.0 is not -0.0, and where things lie in memory says nothing."""
    match observation:
        case Snapshot():
            return _bits(observation.returned), _all_bits(observation.after)
        case Derivatives():
            return observation.problem, observation.shape, *map(_all_bits, (observation.product, observation.full))
        case Incident():  # both were as they must be, or we were not here
            return None


def _all_bits(values: Mapping[str, Value] | Mapping[str, Tensor | None]) -> Hashable:
    return tuple((name, None if value is None else _bits(value)) for name, value in values.items())


def _bits(value: Value) -> Hashable:
    match value:
        case Tensor():
            return value.dtype, value.shape, value.data, None if value.grad is None else _bits(value.grad)
        case Scalar(value=float() | complex() as number):
            return value.type, struct.pack("<2d", number.real, number.imag)
        case Series():
            return value.type, value.names, tuple(map(_bits, value.items))
        case Record():
            return tuple((name, _bits(item)) for name, item in value.items)
    return value
