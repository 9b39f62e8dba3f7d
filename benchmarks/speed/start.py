"""How long commands take to start, beside `import torch`; fresh processes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.speed.figures import MILLI, ROOT, Figure, medians, taken

ROUNDS = 7
EXERCISE = "exercises/autograd/cubic-minus-square.yaml"
RIGHT = "def cubic_minus_square(a, b):\n    return 3 * a**3 - b**2\n"


def figures() -> Iterator[Figure]:
    """The rows of DESIGN §7 that concern starting."""
    ours = (sys.executable, "-m", "torchgrade")
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.py"
        answer.write_text(RIGHT, encoding="utf-8")
        commands = {
            "torch": (sys.executable, "-c", "import torch"),
            "check": (*ours, "check", str(answer), "autograd/cubic-minus-square"),
            "help": (*ours, "--help"),
            "validate": (*ours, "validate", EXERCISE),
        }
        took = medians(ROUNDS, {name: _clock(command) for name, command in commands.items()})
    yield Figure(
        what="check of one exercise, value and gradient",
        value=took["check"] / took["torch"],
        most=1.3,
        unit="x import torch",
        of=f"{took['check']:.0f} ms / {took['torch']:.0f} ms",
    )
    yield Figure(what="--help", value=took["help"] / MILLI, most=0.2, unit="s")
    yield Figure(what="validate of one file", value=took["validate"] / MILLI, most=0.4, unit="s")


def _clock(command: Sequence[str]) -> Callable[[], float]:
    return partial(taken, partial(subprocess.run, command, cwd=ROOT, capture_output=True, check=True))
