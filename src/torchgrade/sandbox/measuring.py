"""One work: which case is next, in which child, and what a death means for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product, zip_longest

from torchgrade.errors import WireError
from torchgrade.model.case import Case
from torchgrade.model.observation import READ_ONCE, Incident, Measured, Observation
from torchgrade.model.probe import Plan, Probe, Source, Work
from torchgrade.sandbox import allowance, answers, excess, incidents
from torchgrade.sandbox.answers import Answers
from torchgrade.sandbox.child import Child
from torchgrade.sandbox.exchange import Exchange, Failure
from torchgrade.sandbox.launcher import Launcher
from torchgrade.sandbox.progress import LOADING, Progress
from torchgrade.wire import requests

IMPORT_SECONDS = 10.0
_MOST_HELD = 256 * 2**20
"""Bytes of all replies to a work, which are kept until it is judged."""
_GRACE_SECONDS = 1.0
_PROCESSOR_FACTOR = 2
_PROCESSOR_SECONDS = 60


class Measuring:
    """Measures a work; if a zygote dies under it, another one can go on where it stopped."""

    def __init__(self, work: Work) -> None:
        self._source = work.source
        self._plans = [Progress(plan) for plan in work.plans]

    def run(self, zygote: Launcher) -> None:
        """Measure everything that has no answer yet."""
        _Course(self._source, self._plans, zygote).run()

    def give_up(self, message: str) -> None:
        """Whatever has no answer will have none, and it is our fault."""
        for each in self._plans:
            each.stopped = incidents.our_fault(message)

    def results(self) -> tuple[Measured, ...]:
        """An answer for every probe."""
        return tuple(each.measured() for each in self._plans)


_Place = tuple[int, Case]
"""A plan, by its place in the work, and a case of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a case is asked, as the request of this number."""

    number: int
    probes: tuple[Probe, ...]
    frame: bytes


class _Course:
    """With one zygote, and one child of it at a time.

    From the first hidden case on, a child is sent the next case together with each, so that it never waits for us.
    """

    def __init__(self, source: Source, plans: list[Progress], zygote: Launcher) -> None:
        self._source = source
        self._plans = plans
        self._zygote = zygote
        self._child: Child | None = None
        self._number = 0
        self._held = 0
        self._ahead: _Asked | None = None

    def run(self) -> None:
        """Every plan is loaded, and its visible cases are asked, before the first hidden case of any.

        The kernel's limits on a child are set once and for all: plans with others get children of their own.
        """
        groups = tuple(dict.fromkeys(_kernel_limits(each.plan) for each in self._plans))
        try:
            for visible, limits in product((True, False), groups):
                indices = [index for index, each in enumerate(self._plans) if _kernel_limits(each.plan) == limits]
                (self._visible if visible else self._hidden)(indices)
                if self._child is not None and (len(groups) > 1 or not visible):
                    self._dismiss(self._child)
        finally:  # an interrupt: what is under way is of no use to anybody
            if self._child is not None:
                self._child.kill()
                self._child.close()

    def _visible(self, indices: Sequence[int]) -> None:
        for index in indices:
            if any(map(self._plans[index].asks, self._plans[index].plan.cases)):
                self._ready(index)
            for case in self._plans[index].plan.cases:
                if case.visible:
                    self._case((index, case), None)

    def _hidden(self, indices: Sequence[int]) -> None:
        places = [(index, case) for index in indices for case in self._plans[index].plan.cases if not case.visible]
        for place, following in zip_longest(places, places[1:]):
            self._case(place, following)

    def _case(self, place: _Place, following: _Place | None) -> None:
        index, case = place
        probes = self._plans[index].asks(case)
        if probes:
            found = self._answers(place, following)
            observed = (found,) * len(probes) if isinstance(found, Incident) else found
            self._plans[index].observations.update(zip(probes, observed, strict=True))

    def _answers(self, place: _Place, following: _Place | None) -> Answers | Incident:
        index, case = place
        progress, child = self._plans[index], self._ready(index)
        if isinstance(child, Incident):
            return child
        asked = self._ahead or self._asked(place)
        self._ahead = self._asked(following) if following and self._may_follow(place, following, child) else None
        child.saw_hidden |= not case.visible
        talk = child.ask(asked.frame, allowance.of_case(progress.plan), self._ahead.frame if self._ahead else b"")
        progress.hear(case.name, talk)
        try:
            if talk.failure is None:
                self._held += len(talk.reply)
                if self._held > _MOST_HELD:
                    return incidents.too_much()
                found = answers.measuring(talk.reply, asked.number, case.inputs, asked.probes)
                progress.note(case.name, excess.claimed(found, progress.plan.limits))
                return tuple(_worded(each, progress.plan) for each in found)
        except WireError as error:
            talk.failure, talk.problem = Failure.GARBAGE, error.message
        return self._bury(child, index, talk, case.name)

    def _asked(self, place: _Place) -> _Asked:
        index, case = place
        progress = self._plans[index]
        probes = progress.asks(case)
        self._number += 1
        frame = requests.measure(self._number, index, progress.question(case, probes))
        return _Asked(number=self._number, probes=probes, frame=frame)

    def _may_follow(self, place: _Place, following: _Place, child: Child) -> bool:
        """Whether the second may be sent before the first is answered: both hidden, and nothing between them."""
        index, case = following
        if place[1].visible or case.visible or index not in child.loaded:
            return False
        return bool(self._plans[index].asks(case))

    def _ready(self, index: int) -> Child | Incident:
        """A child that has loaded the plan, or what stands in the way."""
        progress = self._plans[index]
        if progress.stopped is not None:
            return progress.stopped
        if self._child is None:
            megabytes, files = _kernel_limits(progress.plan)
            self._child = self._zygote.spawn(megabytes, self._processor_seconds(), files)
        child = self._child
        if index not in child.loaded:
            stopped = self._load(child, index)
            progress.stopped = READ_ONCE if stopped and child.saw_hidden else stopped
        return progress.stopped or child

    def _load(self, child: Child, index: int) -> Incident | None:
        progress = self._plans[index]
        self._number += 1
        source = replace(self._source, files=()) if child.loaded and self._source.files else self._source
        request = requests.load(self._number, index, progress.plan, source)
        talk = child.ask(request, allowance.of_loading(progress.plan, IMPORT_SECONDS))
        progress.hear(LOADING, talk)
        try:
            if talk.failure is None:
                incident = answers.loading(talk.reply, self._number)
                child.loaded.add(index)
                progress.was_loaded = incident is None
                progress.note(LOADING, excess.claimed((incident,), progress.plan.limits))
                return incident and incidents.claimed(incident, progress.plan.limits)
        except WireError as error:
            talk.failure, talk.problem = Failure.GARBAGE, error.message
        return self._spread(self._bury(child, index, talk, LOADING))

    def _spread(self, incident: Incident) -> Incident:
        """All plans load the same file: what ended the process once would do so for each of them."""
        for each in self._plans:
            if not each.was_loaded and each.stopped is None:
                each.stopped = incident
        return incident

    def _bury(self, child: Child, index: int, talk: Exchange, case: str) -> Incident:
        """The child is dead, or will be: what happened."""
        if talk.failure is Failure.LOST and not child.has_died(_GRACE_SECONDS):
            talk.failure, talk.problem = Failure.GARBAGE, "it was closed"
        status = self._end(child)
        if talk.failure is Failure.LOST and talk.unread and not child.loaded:
            return incidents.never_began(status, talk.text)
        self._plans[index].mourn(case, talk)
        return incidents.failed(talk, status)

    def _end(self, child: Child) -> int:
        """End a child, and note the memory it had for the plans that were in it; its wait status."""
        self._child = self._ahead = None  # what was sent ahead is lost, and asked again of another
        ending = self._zygote.end(child)
        self._note_peak(child, ending.peak_bytes)
        return ending.status

    def _dismiss(self, child: Child) -> None:
        """It has answered all that it was asked."""
        self._child = None
        self._note_peak(child, self._zygote.dismiss(child))

    def _note_peak(self, child: Child, peak_bytes: int) -> None:
        for index in child.loaded:
            self._plans[index].peak_bytes = max(self._plans[index].peak_bytes, peak_bytes)

    def _processor_seconds(self) -> int:
        """A backstop for when the parent cannot keep its clock: far more than all cases may take together."""
        cases = sum(allowance.of_case(each.plan).cpu_seconds * len(each.plan.cases) for each in self._plans)
        reading = sum(allowance.of_loading(each.plan, IMPORT_SECONDS).cpu_seconds for each in self._plans)
        return int(_PROCESSOR_FACTOR * (cases + reading)) + _PROCESSOR_SECONDS


def _kernel_limits(plan: Plan) -> tuple[int, int]:
    """What the kernel holds a child to, apart from its processor time."""
    return plan.limits.megabytes, plan.limits.files


def _worded(answer: Observation | Incident, plan: Plan) -> Observation | Incident:
    return incidents.claimed(answer, plan.limits) if isinstance(answer, Incident) else answer
