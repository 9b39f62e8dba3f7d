"""One request to a process and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from torchgrade.sandbox.allowance import Allowance


class Failure(StrEnum):
    """Why there is no reply."""

    TIME = "time"
    PROCESSOR = "processor"
    THREADS = "threads"
    OUTPUT = "output"
    GARBAGE = "garbage"
    LOST = "lost"


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What came of one request, for which so much was `allowed`; `used` is how much of it, if that was too much.

    `unread` is True if the process ended without having read all that was sent.
    """

    allowed: Allowance
    reply: bytes = b""
    failure: Failure | None = None
    problem: str = ""
    used: float = 0.0
    unread: bool = False
    printed: bytearray = field(default_factory=bytearray)
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """What was printed, as far as it is kept."""
        return self.printed.decode("utf-8", "replace")
