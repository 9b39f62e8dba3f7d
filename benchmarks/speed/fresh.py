"""The way that most courses grade: pytest in a fresh process for each submission, with the same cases.

The tests are as short as they can be: one for each exercise, which makes the very calls that `floor` makes, gradients
included, and compares nothing. A few submissions stand for all.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.speed.figures import MILLI, ROOT, taken
from torchgrade.model.probe import Work

PROCESSES = 8
TESTS = """
import pickle
from dataclasses import replace
from pathlib import Path
import pytest
from benchmarks.speed.floor import run
WORK = pickle.loads(Path({work!r}).read_bytes())
@pytest.mark.parametrize("number", range(len(WORK.plans)))
def test_exercise(number):
    run(replace(WORK, plans=WORK.plans[number : number + 1]))
"""


def milliseconds(works: Sequence[Work], jobs: int) -> float:
    """What one submission costs, `jobs` of them at a time; of many works, some from one end to the other are run."""
    chosen = works[:: max(len(works) // PROCESSES, 1)][:PROCESSES]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as threads:
        commands = [_command(work, Path(folder) / str(number)) for number, work in enumerate(chosen)]
        run = partial(subprocess.run, cwd=ROOT, capture_output=True, check=False)  # wrong ones fail, as they should
        run(commands[0])  # the first one compiles
        return MILLI * taken(lambda: list(threads.map(run, commands))) / len(commands)


def _command(work: Work, folder: Path) -> tuple[str, ...]:
    folder.mkdir()
    path, tests = folder / "work", folder / "test_submission.py"
    path.write_bytes(pickle.dumps(work))
    tests.write_text(TESTS.format(work=str(path)), encoding="utf-8")
    options = ("-q", "-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={folder}")
    return (sys.executable, "-m", "pytest", *options, str(tests))
