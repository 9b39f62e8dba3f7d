"""What a whole submission costs, plan, run and judge, beside the same calls in a fork and nothing else (`floor`).

Ours is `Session.attempts` of a right submission whose exercises are resolved already, in a zygote that is warm for a
class, as `grade` has it; each time with another text, so that nothing that was found out of a text is known already.
Both run in turns; the fork, the calls (with the repeat of the first case) and the reaping are in both.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.speed.figures import ROOT, Figure, medians, taken
from torchgrade.model.exercise import Exercise
from torchgrade.model.isolation import LEVELS
from torchgrade.model.probe import Work
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.readers import read
from torchgrade.sandbox.forking import ForkingSandbox
from torchgrade.session import Session
from torchgrade.spec.load import load_bank

ROUNDS = 21
LEVEL = "sandbox"
MOST = 2.0
DEMO = ROOT / "docs/demo/submissions/ada.py"
BANK = ROOT / "tests/acceptance/bank/right/functions.py"
ONE = ("autograd/cubic-minus-square",)
FIVE = ("linalg/matrix-matrix", "linalg/solve", "autograd/scalar-backward", "autograd/quadratic", *ONE)
# As the zygote has them: one thread, and one arena of memory.
_ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Homework:
    """A right submission and the exercises it answers."""

    submission: Submission
    exercises: tuple[Exercise, ...]

    def grade(self, session: Session, texts: Iterator[int]) -> None:
        """Plan, run and judge a text that was not seen before; it must be right, or else it is run again alone."""
        source = self.submission.source
        handed_in = replace(self.submission, source=replace(source, text=f"{source.text}\n# {next(texts)}\n"))
        for attempt in session.attempts((handed_in,), self.exercises):
            if attempt.verdict is not Verdict.ACCEPTED:
                raise AssertionError(f"{attempt.exercise}: {attempt.verdict}")

    def work(self, session: Session) -> Work:
        """What it has a child do."""
        return Work(
            source=self.submission.source, plans=tuple(session.resolve(exercise).plan for exercise in self.exercises)
        )


def figures() -> Iterator[Figure]:
    """The first row of DESIGN §7, for one exercise, five and the whole bank."""
    for homework, took in costs(LEVEL, homeworks()):
        number = len(homework.exercises)
        yield Figure(
            what=f"a submission of {number} exercise{'s' if number > 1 else ''}, at {LEVEL}",
            value=took["ours"] / took["floor"],
            most=MOST,
            unit="x forks and calls",
            of=f"{took['ours']:.1f} ms / {took['floor']:.1f} ms",
        )


def homeworks() -> tuple[Homework, ...]:
    """One exercise, five, and all that there are."""
    bank = {exercise.id: exercise for exercise in load_bank(ROOT / "exercises")[0]}
    return tuple(
        Homework(submission=next(iter(read(path))), exercises=tuple(bank[name] for name in names))
        for path, names in ((DEMO, ONE), (DEMO, FIVE), (BANK, tuple(bank)))
    )


def costs(
    level: str, homeworks: Sequence[Homework], rounds: int = ROUNDS
) -> Iterator[tuple[Homework, Mapping[str, float]]]:
    """The milliseconds of `ours` and of the `floor` for each."""
    with ExitStack() as stack:
        session = Session(stack.enter_context(ForkingSandbox(LEVELS[level], warm="full")), "benchmark")
        floor = stack.enter_context(floors([homework.work(session) for homework in homeworks]))
        texts = count()
        for homework in homeworks:
            homework.grade(session, texts)
        gc.freeze()  # as `grade` does once its exercises are resolved
        for number, homework in enumerate(homeworks):
            clocks = {"floor": partial(floor, number), "ours": partial(taken, partial(homework.grade, session, texts))}
            yield homework, medians(rounds, clocks)


@contextmanager
def floors(works: Sequence[Work]) -> Iterator[Callable[[int], float]]:
    """The floor's seconds for the work of a number."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "works"
        path.write_bytes(pickle.dumps(tuple(works)))
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.speed.floor", str(path)],
            cwd=ROOT,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield partial(_asked, process)
            process.stdin.close()


def _asked(process: subprocess.Popen[str], number: int) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{number}\n")
    process.stdin.flush()
    return float(process.stdout.readline())
