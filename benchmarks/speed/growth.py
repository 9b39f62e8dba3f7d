"""From a hundred submissions to ten thousand: neither an attempt nor the grader's memory may grow with the class.

Each class is graded by `torchgrade grade`, in a process of its own that says at the end how much memory it had at most
(VmHWM): the grader's own, because the sandbox's processes are the same for any class.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.classes.layouts import write
from tests.classes.members import Plan, members

from benchmarks.speed.batch import MIX
from benchmarks.speed.figures import MILLI, ROOT, Figure
from torchgrade.spec.load import load_bank

START = 20
"""Submissions of a class whose time is the start of all others: torch is loaded, exercises are resolved."""
FEW, MANY = 100, (1000, 10_000)
SEEDS = range(1, 6)
"""Classes of a few, because chance decides how many of these loop in Python; of many, one is like another."""
EXERCISES = ("tensor/sum", "linalg/matrix-matrix", "autograd/cubic-minus-square")
GRADE = """
import sys
from pathlib import Path
from torchgrade.cli import main
code = main(sys.argv[1:])
print(code, Path("/proc/self/status").read_text())
"""
PEAK = re.compile(r"^0 Name.*^VmHWM:\s+(\d+) kB", re.MULTILINE | re.DOTALL)


def figures() -> Iterator[Figure]:
    """Time and memory of each size beside those of the smallest, before it and after it: a machine's pace drifts."""
    few = _few()
    for size in MANY:
        seconds, peak = _attempt(size, 1)
        before, few = few, _few()
        first_time = statistics.mean(time for time, _ in before + few)
        first_peak = max(peak for _, peak in before + few)
        yield Figure(
            what=f"an attempt, {size:,} submissions of {len(EXERCISES)}",
            value=seconds / first_time,
            most=1.1,
            unit=f"x with {FEW}",
            of=f"{MILLI * seconds:.1f} ms / {MILLI * first_time:.1f} ms",
        )
        yield Figure(
            what=f"the grader's peak memory, {size:,}",
            value=peak / first_peak,
            most=1.1,
            unit=f"x with {FEW}",
            of=f"{peak / 1024:.0f} MB / {first_peak / 1024:.0f} MB",
        )


def _few() -> list[tuple[float, int]]:
    return [_attempt(FEW, seed) for seed in SEEDS]


def _attempt(size: int, seed: int) -> tuple[float, int]:
    """The seconds of an attempt after the start, and the grader's kilobytes."""
    start, _ = _graded(START, seed)
    seconds, peak = _graded(size, seed)
    return (seconds - start) / (size - START) / len(EXERCISES), peak


def _graded(size: int, seed: int) -> tuple[float, int]:
    """The seconds of the whole command, and kilobytes."""
    with tempfile.TemporaryDirectory() as folder:
        given = _written(size, seed, Path(folder))
        environment = {"XDG_STATE_HOME": f"{folder}/state", "PATH": "/usr/bin:/bin", "HOME": folder}
        options = ["--report", f"{folder}/report", "--format", "json,junit", "--seed", "1", "--jobs", "2"]
        named = [word for name in EXERCISES for word in ("--id", name)]
        command = [sys.executable, "-c", GRADE, "grade", str(given), "--exercises", "exercises", *named, *options]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - start
    found = PEAK.search(done.stdout)
    assert found, done.stdout + done.stderr
    return seconds, int(found[1])


def _written(size: int, seed: int, folder: Path) -> Path:
    """A class of scripts as a folder; nobody copies, or it would be graded once."""
    bank = {exercise.id: exercise for exercise in load_bank(ROOT / "exercises")[0]}
    exercises = tuple(bank[name] for name in EXERCISES)
    plan = Plan(exercises=exercises, count=size, mix=MIX, seed=seed, notebooks=0.0)
    write("directory", list(members(plan)), folder / "class")
    return folder / "class"
