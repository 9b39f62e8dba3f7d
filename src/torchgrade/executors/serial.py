"""One submission after another, in the caller's own thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from torchgrade.model.task import Done, Grader, Task


class SerialExecutor:
    """Grades each task when its result is asked for."""

    kind: ClassVar[str] = "serial"

    def __init__(self, grader: Grader) -> None:
        self._grader = grader

    def map(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """The results in the order of the tasks; what the grader raises ends the run."""
        return map(self._grader, tasks)
