"""One piece of work after another, in one sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from torchgrade.model.kinds import Sandbox
from torchgrade.model.observation import Measured
from torchgrade.model.probe import Work


class SerialExecutor:
    """Does each work when its result is asked for."""

    kind: ClassVar[str] = "serial"

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def map(self, work: Iterable[Work]) -> Iterator[tuple[Measured, ...]]:
        """The results in the order of the work."""
        return map(self._sandbox.measure, work)
