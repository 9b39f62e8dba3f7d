"""Every extension point on one page: a kind is one file and one line in its room's table.

A layout, which tells whose a platform's files are, has its Protocol in `readers/tree.py`, beside what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Protocol, runtime_checkable

from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.observation import Incident, Measured, Observation
from torchgrade.model.probe import Probe, Work
from torchgrade.model.report import Header
from torchgrade.model.target import Targets
from torchgrade.model.task import Done, Task

__all__ = ["Check", "Executor", "Reference", "Sandbox", "Writer"]


class Reference(Protocol):
    """A witness of the truth: `references.REFERENCES`, the most exact first."""

    kind: ClassVar[str]

    def cases(self, exercise: Exercise, case: Case) -> tuple[Case, ...]:
        """Cases in which the reference function must be measured (with the same probes) before `targets` can answer;
        none if the witness needs nothing run."""

    def targets(
        self, exercise: Exercise, case: Case, probe: Probe, measured: Mapping[Probe, Observation | Incident]
    ) -> Targets:
        """What this witness says; outcomes it does not speak of are absent."""


class Sandbox(Protocol):
    """An isolation level: `sandbox.ISOLATIONS`. A context manager that holds a warm worker."""

    @property
    def level(self) -> str: ...

    def measure(self, work: Work) -> tuple[Measured, ...]:
        """Measure every plan, in order; never raises for anything the source does."""

    def __enter__(self) -> Sandbox: ...

    def __exit__(self, *exception: object) -> None: ...


class Executor(Protocol):
    """Where submissions are graded: `executors.EXECUTORS`."""

    kind: ClassVar[str]

    def map(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Each task done, as soon as it is: in any order, each once. Tasks are read as there is room for them."""


class Writer(Protocol):
    """A report format: `writers.WRITERS`. Pure: header and attempts in, bytes out.

    Attempts are in the order submitter, exercise, and may be gone through more than once; they are streamed from the
    store, and a class of 10,000 need not fit in memory. They hold everything: a writer for students writes of them what
    `grading.audience` leaves. A writer is a frozen dataclass, and `replace` gives it another audience.
    """

    kind: ClassVar[str]
    filename: ClassVar[str]
    audiences: ClassVar[tuple[Audience, ...]]
    """Who the format can be for: the usual audience first."""

    @property
    def audience(self) -> Audience:
        """Who this one is for."""

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]: ...


@runtime_checkable
class Pages(Writer, Protocol):
    """A report format with more files than one: `pages` are those beside `filename`, all in `folder`.

    Each is a name in that folder with what goes into the file; one at a time, so that a class need not fit in memory.
    """

    folder: ClassVar[str]

    def pages(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[tuple[str, bytes]]: ...
