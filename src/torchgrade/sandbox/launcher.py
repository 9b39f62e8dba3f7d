"""Whatever children come from: a zygote that forks them, or this process, which spawns them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from torchgrade.sandbox.child import Child
from torchgrade.sandbox.zygote import Ending


class Launcher(Protocol):
    """Its methods raise ZygoteError if it is gone and another one may be tried, IsolationError if there is no hope."""

    def level(self) -> str:
        """The isolation level in force."""

    def warm(self, topics: Iterable[str]) -> None:
        """Children are to have loaded what submissions on these topics need."""

    def spawn(self, megabytes: int, cpu_seconds: int, files: int) -> Child:
        """A child that may use so much memory beyond torch's own, processor time, and open files."""

    def end(self, child: Child) -> Ending:
        """Kill what is left of a child."""

    def dismiss(self, child: Child) -> int:
        """Kill a child of which only the most memory it had, in bytes, is of interest; it need not be gone by then."""

    def close(self) -> None:
        """End everything."""
