"""The truth: what all witnesses together say of every probe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.observation import Incident, Observation
from torchgrade.model.probe import Probe
from torchgrade.model.target import Targets
from torchgrade.references import REFERENCES
from torchgrade.references.merge import merge


def truth(
    exercise: Exercise,
    cases: Sequence[Case],
    probes: Iterable[Probe],
    measured: Mapping[Probe, Observation | Incident],
) -> Mapping[Probe, Targets]:
    """The targets of each probe; `measured` is what the reference function gave for its `reference_plan`."""
    by_name = {case.name: case for case in cases}
    return {
        probe: merge(each.targets(exercise, by_name[probe.case], probe, measured) for each in REFERENCES)
        for probe in probes
        if probe.case in by_name  # the repeat is held against the first answer, and not against the truth
    }
