"""One work: which case is next, in which child, and what a death means for the rest."""

from __future__ import annotations

from collections.abc import Iterator

from torchgrade.errors import WireError
from torchgrade.model.case import Case
from torchgrade.model.observation import Incident, Measured
from torchgrade.model.probe import Probe, Source, Work
from torchgrade.sandbox import answers, incidents
from torchgrade.sandbox.answers import Answers
from torchgrade.sandbox.child import Child
from torchgrade.sandbox.exchange import Exchange, Failure
from torchgrade.sandbox.progress import LOADING, Progress
from torchgrade.sandbox.zygote import Zygote
from torchgrade.wire import requests

IMPORT_SECONDS = 10.0
_GRACE_SECONDS = 1.0
_PROCESSOR_FACTOR = 4
_PROCESSOR_SECONDS = 60


class Measuring:
    """Measures a work; if a zygote dies under it, another one can go on where it stopped."""

    def __init__(self, work: Work) -> None:
        self._source = work.source
        self._plans = [Progress(plan) for plan in work.plans]

    def run(self, zygote: Zygote) -> None:
        """Measure everything that has no answer yet."""
        _Course(self._source, self._plans, zygote).run()

    def give_up(self, message: str) -> None:
        """Whatever has no answer will have none, and it is our fault."""
        for each in self._plans:
            each.stopped = incidents.our_fault(message)

    def results(self) -> tuple[Measured, ...]:
        """An answer for every probe."""
        return tuple(each.measured() for each in self._plans)


class _Course:
    """With one zygote, and one child of it at a time."""

    def __init__(self, source: Source, plans: list[Progress], zygote: Zygote) -> None:
        self._source = source
        self._plans = plans
        self._zygote = zygote
        self._child: Child | None = None
        self._number = 0

    def run(self) -> None:
        """A child's memory limit is set once and for all, so that plans with other limits get a child of their own."""
        for megabytes in dict.fromkeys(each.plan.limits.megabytes for each in self._plans):
            for index, case in self._cases(megabytes):
                self._case(index, case)
            if self._child is not None:
                self._end(self._child)

    def _cases(self, megabytes: int) -> Iterator[tuple[int, Case]]:
        """The visible cases of all plans before the first hidden one."""
        for visible in (True, False):
            for index, each in enumerate(self._plans):
                if each.plan.limits.megabytes == megabytes:
                    yield from ((index, case) for case in each.plan.cases if case.visible is visible)

    def _case(self, index: int, case: Case) -> None:
        progress = self._plans[index]
        probes = progress.asks(case)
        if probes:
            found = self._answers(index, case, probes)
            observed = (found,) * len(probes) if isinstance(found, Incident) else found
            progress.observations.update(zip(probes, observed, strict=True))

    def _answers(self, index: int, case: Case, probes: tuple[Probe, ...]) -> Answers | Incident:
        progress, child = self._plans[index], self._ready(index)
        if isinstance(child, Incident):
            return child
        self._number += 1
        request = requests.measure(self._number, index, case.inputs, probes)
        talk = child.ask(request, progress.plan.limits.seconds)
        progress.hear(case.name, talk)
        try:
            if talk.failure is None:
                return answers.measuring(talk.reply, self._number, case.inputs, probes)
        except WireError as error:
            talk.failure, talk.problem = Failure.GARBAGE, error.message
        return self._bury(child, index, talk)

    def _ready(self, index: int) -> Child | Incident:
        """A child that has loaded the plan, or what stands in the way."""
        progress = self._plans[index]
        if progress.stopped is not None:
            return progress.stopped
        if self._child is None:
            self._child = self._zygote.spawn(progress.plan.limits.megabytes, self._processor_seconds())
        child = self._child
        if index not in child.loaded:
            progress.stopped = self._load(child, index)
        return progress.stopped or child

    def _load(self, child: Child, index: int) -> Incident | None:
        progress = self._plans[index]
        self._number += 1
        talk = child.ask(requests.load(self._number, index, progress.plan, self._source), IMPORT_SECONDS)
        progress.hear(LOADING, talk)
        try:
            if talk.failure is None:
                incident = answers.loading(talk.reply, self._number)
                child.loaded.add(index)
                progress.was_loaded = incident is None
                return incident
        except WireError as error:
            talk.failure, talk.problem = Failure.GARBAGE, error.message
        return self._spread(self._bury(child, index, talk, loading=True))

    def _spread(self, incident: Incident) -> Incident:
        """All plans load the same file: what ended the process once would do so for each of them."""
        for each in self._plans:
            if not each.was_loaded and each.stopped is None:
                each.stopped = incident
        return incident

    def _bury(self, child: Child, index: int, talk: Exchange, *, loading: bool = False) -> Incident:
        """The child is dead, or will be: what happened."""
        if talk.failure is Failure.LOST and not child.has_died(_GRACE_SECONDS):
            talk.failure, talk.problem = Failure.GARBAGE, "it was closed"
        status = self._end(child)
        self._plans[index].mourn(talk)
        return incidents.failed(talk, status, loading)

    def _end(self, child: Child) -> int:
        """End a child, and note the memory it had for the plans that were in it; its wait status."""
        self._child = None
        ending = self._zygote.end(child)
        for index in child.loaded:
            self._plans[index].peak_bytes = max(self._plans[index].peak_bytes, ending.peak_bytes)
        return ending.status

    def _processor_seconds(self) -> int:
        """A backstop for when the parent cannot keep its clock: far more than all cases may take together."""
        cases = sum(each.plan.limits.seconds * len(each.plan.cases) for each in self._plans)
        return int(_PROCESSOR_FACTOR * (cases + IMPORT_SECONDS * len(self._plans))) + _PROCESSOR_SECONDS
