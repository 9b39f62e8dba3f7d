"""One work: which case is next, in which child, and what a death means for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from torchgrade.errors import WireError
from torchgrade.model.case import Case
from torchgrade.model.observation import Incident, Measured, Observation
from torchgrade.model.probe import Plan, Probe, Work
from torchgrade.sandbox import answers, incidents
from torchgrade.sandbox.child import Child
from torchgrade.sandbox.exchange import Exchange, Failure
from torchgrade.sandbox.zygote import Zygote
from torchgrade.wire import requests

IMPORT_SECONDS = 10.0
LOADING = ""
"""The name under which `Measured.printed` keeps what was printed while the file was read."""
_GRACE_SECONDS = 1.0
_PROCESSOR_FACTOR = 4
_PROCESSOR_SECONDS = 60


@dataclass(slots=True)
class _Progress:
    """What is known of one plan so far. `stopped` is what stands in the way of all its cases."""

    plan: Plan
    stopped: Incident | None = None
    was_loaded: bool = False
    deaths: int = 0
    timeouts: int = 0
    peak_bytes: int = 0
    observations: dict[Probe, Observation | Incident] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def is_hopeless(self) -> bool:
        """True if its cases have ended too many processes."""
        return self.timeouts >= incidents.MOST_TIMEOUTS or self.deaths >= incidents.MOST_DEATHS

    def hear(self, case: str, talk: Exchange) -> None:
        """Keep what was printed and how long it took."""
        if talk.printed:
            self.printed[case] = talk.text
        self.seconds[case] = talk.seconds

    def asks(self, case: Case) -> tuple[Probe, ...]:
        """The probes of a case that have no answer yet."""
        return tuple(probe for probe in self.plan.probes if probe.case == case.name and probe not in self.observations)


class Measuring:
    """Measures a work; if a zygote dies under it, another one can go on where it stopped."""

    def __init__(self, work: Work) -> None:
        self._source = work.source
        self._plans = [_Progress(plan) for plan in work.plans]
        self._child: Child | None = None
        self._loaded: set[int] = set()
        self._number = 0

    def run(self, zygote: Zygote) -> None:
        """Everything that has no answer yet: visible cases of all plans before the first hidden one.

        A child's memory limit is set once and for all, so that plans with other limits get a child of their own.
        """
        self._child = None
        for megabytes in dict.fromkeys(each.plan.limits.megabytes for each in self._plans):
            for index, case in self._cases(megabytes):
                self._case(zygote, index, case)
            if self._child is not None:
                self._end(zygote, self._child)

    def give_up(self, message: str) -> None:
        """Whatever has no answer will have none, and it is our fault."""
        for each in self._plans:
            each.stopped = incidents.our_fault(message)

    def results(self) -> tuple[Measured, ...]:
        """An answer for every probe."""
        return tuple(_measured(each) for each in self._plans)

    def _cases(self, megabytes: int) -> Iterator[tuple[int, Case]]:
        for visible in (True, False):
            for index, each in enumerate(self._plans):
                if each.plan.limits.megabytes == megabytes:
                    yield from ((index, case) for case in each.plan.cases if case.visible is visible)

    def _case(self, zygote: Zygote, index: int, case: Case) -> None:
        progress = self._plans[index]
        probes = progress.asks(case)
        if probes:
            found = self._answers(zygote, index, case, probes)
            observed = (found,) * len(probes) if isinstance(found, Incident) else found
            progress.observations.update(zip(probes, observed, strict=True))

    def _answers(
        self, zygote: Zygote, index: int, case: Case, probes: tuple[Probe, ...]
    ) -> tuple[Observation | Incident, ...] | Incident:
        progress = self._plans[index]
        child = self._ready(zygote, index)
        if isinstance(child, Incident):
            return child
        self._number += 1
        seconds = progress.plan.limits.seconds
        talk = child.ask(requests.measure(self._number, index, case.inputs, probes), seconds)
        progress.hear(case.name, talk)
        try:
            if talk.failure is None:
                return answers.measuring(talk.reply, self._number, case.inputs, probes)
        except WireError as error:
            talk.failure, talk.problem = Failure.GARBAGE, error.message
        return self._bury(zygote, child, index, talk, seconds)

    def _ready(self, zygote: Zygote, index: int) -> Child | Incident:
        """A child that has loaded the plan, or what stands in the way."""
        progress = self._plans[index]
        if progress.stopped is None and progress.is_hopeless():
            progress.stopped = incidents.not_run(progress.timeouts)
        if progress.stopped is None and self._child is None:
            self._child = zygote.spawn(progress.plan.limits.megabytes, self._processor_seconds())
            self._loaded.clear()
        if progress.stopped is None and self._child is not None and index not in self._loaded:
            progress.stopped = self._load(zygote, self._child, index)
        return progress.stopped or self._living()

    def _living(self) -> Child:
        if self._child is None:
            raise AssertionError("a plan was loaded in no child")
        return self._child

    def _load(self, zygote: Zygote, child: Child, index: int) -> Incident | None:
        progress = self._plans[index]
        self._number += 1
        talk = child.ask(requests.load(self._number, index, progress.plan, self._source), IMPORT_SECONDS)
        progress.hear(LOADING, talk)
        try:
            if talk.failure is None:
                incident = answers.loading(talk.reply, self._number)
                progress.was_loaded = incident is None
                self._loaded.add(index)
                return incident
        except WireError as error:
            talk.failure, talk.problem = Failure.GARBAGE, error.message
        return self._spread(self._bury(zygote, child, index, talk, IMPORT_SECONDS, loading=True))

    def _spread(self, incident: Incident) -> Incident:
        """All plans load the same file: what ended the process once would do so for each of them."""
        for each in self._plans:
            if not each.was_loaded and each.stopped is None:
                each.stopped = incident
        return incident

    def _bury(
        self, zygote: Zygote, child: Child, index: int, talk: Exchange, seconds: float, *, loading: bool = False
    ) -> Incident:
        """The child is dead, or will be: what happened."""
        if talk.failure is Failure.LOST and not child.has_died(_GRACE_SECONDS):
            talk.failure, talk.problem = Failure.GARBAGE, "it was closed"
        status = self._end(zygote, child)
        self._plans[index].deaths += 1
        self._plans[index].timeouts += talk.failure is Failure.TIME
        return incidents.failed(talk, status, seconds, loading)

    def _end(self, zygote: Zygote, child: Child) -> int:
        """End a child, and note the memory it had for the plans that were in it; its wait status."""
        self._child = None
        ending = zygote.end(child)
        for index in self._loaded:
            self._plans[index].peak_bytes = max(self._plans[index].peak_bytes, ending.peak_bytes)
        return ending.status

    def _processor_seconds(self) -> int:
        """A backstop for when the parent cannot keep its clock: far more than all cases may take together."""
        cases = sum(each.plan.limits.seconds * len(each.plan.cases) for each in self._plans)
        return int(_PROCESSOR_FACTOR * (cases + IMPORT_SECONDS * len(self._plans))) + _PROCESSOR_SECONDS


def _measured(progress: _Progress) -> Measured:
    missing = progress.stopped or incidents.our_fault("No case has the name that this probe speaks of.")
    return Measured(
        observations={probe: progress.observations.get(probe, missing) for probe in progress.plan.probes},
        printed=progress.printed,
        seconds={case: seconds for case, seconds in progress.seconds.items() if case != LOADING},
        peak_bytes=progress.peak_bytes,
    )
