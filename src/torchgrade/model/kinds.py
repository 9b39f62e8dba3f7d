"""Every extension point on one page: a kind is one file and one line in its room's table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, Protocol

from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.observation import Incident, Measured, Observation
from torchgrade.model.probe import Probe, Work
from torchgrade.model.report import Header
from torchgrade.model.submission import Submission
from torchgrade.model.target import Targets
from torchgrade.model.task import Done, Task

__all__ = ["Check", "Executor", "Reader", "Reference", "Sandbox", "Writer"]


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


class Reader(Protocol):
    """From a path to submissions: `readers.READERS`."""

    kind: ClassVar[str]

    def claims(self, path: Path) -> bool: ...

    def read(self, path: Path) -> Iterator[Submission]:
        """Submissions in a fixed order; what cannot be read is a Submission with a `problem`."""


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
    store, and a class of 10,000 need not fit in memory.
    """

    kind: ClassVar[str]
    filename: ClassVar[str]

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]: ...
