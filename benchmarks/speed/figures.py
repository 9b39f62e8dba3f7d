"""A figure beside its goal, and times that were taken in turns so that a noisy machine disturbs them alike."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MILLI = 1e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, what it may be at most or must be at least, and what it was made of."""

    what: str
    value: float
    unit: str
    most: float = math.inf
    least: float = -math.inf
    of: str = ""

    def __str__(self) -> str:
        verdict = "met" if self.least <= self.value <= self.most else "MISSED"
        goal = f"at most {self.most:g}" if self.most < math.inf else f"at least {self.least:g}"
        return f"{self.what:44} {self.value:8.2f} {self.unit:22} {goal:14} {verdict:8}{self.of}".rstrip()


def taken(call: Callable[[], object]) -> float:
    """The seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def medians(rounds: int, clocks: Mapping[str, Callable[[], float]]) -> Mapping[str, float]:
    """The median of each clock, in milliseconds; every round reads each of them once, after one that does not count."""
    for clock in clocks.values():
        clock()
    times = [{name: clock() for name, clock in clocks.items()} for _ in range(rounds)]
    return {name: MILLI * statistics.median(each[name] for each in times) for name in clocks}
