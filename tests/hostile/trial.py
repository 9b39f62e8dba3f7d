"""One attack on the stage, through the same session and sandbox that grade a class, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import TracebackType

from hostile import seen, world
from hostile.attack import Attack
from hostile.evidence import Evidence
from hostile.stage import Stage
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.isolation import Confinement
from torchgrade.model.observation import Incident, Measured
from torchgrade.model.probe import Source, Work
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.sandbox.child import Child
from torchgrade.sandbox.forking import ForkingSandbox
from torchgrade.session import Session
from torchgrade.spec.load import load

_KILLED = "SIGSYS"
_LONG = 5.0
"""Seconds within which a process that was killed must have ended."""


@dataclass(frozen=True)
class Trial:
    """How it went. `said` is what the worker said at all, `told` what students are told, in each format."""

    attempt: Attempt
    found: frozenset[Evidence]
    told: dict[str, str]
    stops: tuple[Incident, ...]
    leaks: bool

    @property
    def was_killed(self) -> bool:
        """Whether the kernel ended the process for what it asked."""
        return any(_KILLED in each.message for each in self.stops)


@dataclass
class Heard:
    """A sandbox, and all that came out of it."""

    sandbox: ForkingSandbox
    measured: list[Measured] = field(default_factory=list)

    @property
    def level(self) -> str:
        """The sandbox's."""
        return self.sandbox.level

    def measure(self, work: Work) -> tuple[Measured, ...]:
        """As the sandbox does."""
        measured = self.sandbox.measure(work)
        self.measured += measured
        return measured

    def __enter__(self) -> Heard:
        return self

    def __exit__(self, *exception: type[BaseException] | BaseException | TracebackType | None) -> None:
        """It is closed by whoever opened it."""


class Place:
    """One warm sandbox at one confinement, in which attacks are tried one after another."""

    def __init__(self, stage: Stage, confinement: Confinement) -> None:
        self.confinement = confinement
        self._stage = stage
        self._sandbox = ForkingSandbox(confinement)
        self._exercises: dict[str, Exercise] = {}
        earlier = f"def double(x, stage): return 2 * x  # {stage.secret('earlier')}"
        self._attempt(Heard(self._sandbox), earlier, "double")

    def close(self) -> None:
        """End the sandbox."""
        self._sandbox.__exit__()

    def run(self, attack: Attack) -> Trial:
        """Try one attack; the world is as before when it is over."""
        heard = Heard(self._sandbox)
        with self._sibling() if attack.family == "siblings" else nullcontext() as sibling:
            before = world.World.now(self._stage)
            attempt = self._attempt(heard, attack.text, attack.entrypoint, sibling.pid if sibling else 0)
            went_through = attempt.verdict is Verdict.ACCEPTED
            if went_through and attack.evidence is Evidence.VICTIM:
                world.await_victim(before, self._stage)
            after = world.settled(before, self._stage, self._own())
            found = world.harm(before, after, self._stage, self._own())
            if sibling and sibling.has_died(_LONG if went_through and attack.evidence is Evidence.SIBLING else 0):
                found.add(Evidence.SIBLING)
            world.clean(before, after, self._stage, self._own())
        told = seen.reports(attempt)
        said = "".join(_said(each) for each in heard.measured)
        found |= set(self._claims(attack, attempt, told, said))
        return Trial(
            attempt=attempt,
            found=frozenset(found),
            told=told,
            stops=tuple(_stops(heard.measured)),
            leaks=any(self._stage.is_told_in(text) for text in told.values()),
        )

    def _claims(self, attack: Attack, attempt: Attempt, told: dict[str, str], said: str) -> Iterator[Evidence]:
        if attack.entrypoint == "secret" and attempt.points:
            yield Evidence.POINTS
        if self._stage.is_told_in(said):
            yield Evidence.SECRET
        if self._stage.worked in said:
            yield Evidence.WORD
        if attempt.verdict is Verdict.JUDGE_ERROR:
            yield Evidence.BROKEN
        if any(seen.injections(told)):
            yield Evidence.TEXT

    def _attempt(self, heard: Heard, text: str, entrypoint: str, sibling: int = 0) -> Attempt:
        submission = Submission(
            submitter="mallory",
            path="mallory.py",
            source=Source(text=text, filename="mallory.py"),
            digest=sha256(text.encode()).hexdigest(),
        )
        return Session(heard, "a seed").attempt(submission, self._exercise(entrypoint, self._stage.facts(sibling)))

    def _exercise(self, entrypoint: str, facts: str) -> Exercise:
        """The exercise of the stage, with what is told to attacks as an input of its cases."""
        if entrypoint not in self._exercises:
            path = self._stage.exercises / f"{entrypoint}.yaml"
            self._exercises[entrypoint] = load(path, self._stage.exercises)
        exercise = self._exercises[entrypoint]
        cases = tuple(replace(each, inputs={**each.inputs, "stage": facts}) for each in exercise.cases)
        return replace(exercise, cases=cases)

    @contextmanager
    def _sibling(self) -> Iterator[Child]:
        """The process of another submission; it does nothing."""
        zygote = self._sandbox._living()
        child = zygote.spawn(256, 60, 64)
        try:
            yield child
        finally:
            if zygote is self._sandbox._zygote:
                zygote.end(child)
            else:
                child.close()

    def _own(self) -> frozenset[int]:
        return frozenset({self._sandbox._living()._process.pid})


def _said(measured: Measured) -> str:
    return "".join((*measured.printed.values(), *(each.message for each in _stops([measured]))))


def _stops(measured: list[Measured]) -> Iterator[Incident]:
    for each in measured:
        yield from (answer for answer in each.observations.values() if isinstance(answer, Incident))
