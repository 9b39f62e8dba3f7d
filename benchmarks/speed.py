"""`make bench`: how long commands take to start, beside `import torch`; medians of fresh processes on this machine."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 5
EXERCISE = "exercises/autograd/cubic-minus-square.yaml"
RIGHT = "def cubic_minus_square(a, b):\n    return 3 * a**3 - b**2\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, and what it may be: seconds, or times the seconds of `import torch`."""

    what: str
    value: float
    most: float
    unit: str

    def __str__(self) -> str:
        verdict = "met" if self.value <= self.most else "MISSED"
        return f"{self.what:44} {self.value:5.2f} {self.unit:18} at most {self.most:4.1f}   {verdict}"


def seconds(command: Sequence[str]) -> float:
    """The median wall time of a command."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def figures() -> tuple[Figure, ...]:
    """The rows of DESIGN §7 that concern starting."""
    ours = (sys.executable, "-m", "torchgrade")
    torch = seconds((sys.executable, "-c", "import torch"))
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.py"
        answer.write_text(RIGHT, encoding="utf-8")
        check = seconds((*ours, "check", str(answer), "autograd/cubic-minus-square"))
    return (
        Figure(what="check of one exercise, value and gradient", value=check / torch, most=1.3, unit="x import torch"),
        Figure(what="--help", value=seconds((*ours, "--help")), most=0.2, unit="s"),
        Figure(what="validate of one file", value=seconds((*ours, "validate", EXERCISE)), most=0.4, unit="s"),
    )


if __name__ == "__main__":
    for figure in figures():
        print(figure)
