"""What is known of one plan while it is being measured."""

from __future__ import annotations

from dataclasses import dataclass, field

from torchgrade.model.case import Case
from torchgrade.model.observation import Exceeded, Incident, Measured, Observation
from torchgrade.model.probe import Plan, Probe
from torchgrade.sandbox import excess, incidents
from torchgrade.sandbox.exchange import Exchange, Failure
from torchgrade.wire import requests

LOADING = ""
"""The name under which `Measured.printed` keeps what was printed while the file was read."""


@dataclass(slots=True)
class Progress:
    """`stopped` is what stands in the way of all cases that are still to come."""

    plan: Plan
    stopped: Incident | None = None
    was_loaded: bool = False
    deaths: int = 0
    timeouts: int = 0
    peak_bytes: int = 0
    observations: dict[Probe, Observation | Incident] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    exceeded: dict[str, Exceeded] = field(default_factory=dict)
    _probes: dict[str, list[Probe]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for probe in self.plan.probes:
            self._probes.setdefault(probe.case, []).append(probe)

    def asks(self, case: Case) -> tuple[Probe, ...]:
        """The probes of a case that have no answer yet."""
        return tuple(probe for probe in self._probes.get(case.name, ()) if probe not in self.observations)

    def question(self, case: Case, probes: tuple[Probe, ...]) -> bytes:
        """What is asked, encoded; the plan keeps it for the next submission."""
        kept, key = self.plan.kept, (case.name, probes)
        if key not in kept:
            kept[key] = requests.question(case.inputs, probes)
        return kept[key]

    def hear(self, case: str, talk: Exchange) -> None:
        """Keep what was printed and how long it took."""
        if talk.printed:
            self.printed[case] = talk.text
        if case != LOADING:
            self.seconds[case] = talk.seconds

    def note(self, case: str, exceeded: Exceeded | None) -> None:
        """Keep which limit was passed, if one was."""
        if exceeded is not None:
            self.exceeded[case] = exceeded

    def mourn(self, case: str, talk: Exchange) -> None:
        """Count a process that this plan has ended; after too many, the rest is not run."""
        self.note(case, excess.noticed(talk))
        self.deaths += 1
        self.timeouts += talk.failure in (Failure.TIME, Failure.PROCESSOR)
        if self.timeouts >= incidents.MOST_TIMEOUTS or self.deaths >= incidents.MOST_DEATHS:
            self.stopped = incidents.not_run(self.timeouts)

    def measured(self) -> Measured:
        """An answer for every probe."""
        missing = self.stopped or incidents.our_fault("No case has the name that this probe speaks of.")
        return Measured(
            observations={probe: self.observations.get(probe, missing) for probe in self.plan.probes},
            printed=self.printed,
            seconds=self.seconds,
            exceeded=self.exceeded,
            peak_bytes=self.peak_bytes,
        )
