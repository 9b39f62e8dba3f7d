"""A class from what was handed in to its report: beside pytest, with a second job, once more, and on a cluster.

Everything goes through the store, as `grade` does it, at level `sandbox`; what was handed in is in memory.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.classes.handin import Kind
from tests.classes.members import Plan, members
from tests.conformance.dask_cluster import dask_cluster

from benchmarks.speed import fresh
from benchmarks.speed.figures import MILLI, ROOT, Figure
from benchmarks.speed.submission import FIVE
from torchgrade.executors.pool import PoolExecutor
from torchgrade.executors.serial import SerialExecutor
from torchgrade.model.exercise import Exercise
from torchgrade.model.isolation import LEVELS
from torchgrade.model.kinds import Executor
from torchgrade.model.probe import Work
from torchgrade.model.submission import Submission
from torchgrade.sandbox.forking import ForkingSandbox
from torchgrade.session import Session, header
from torchgrade.session.batch import Attempts, graded
from torchgrade.session.recipe import recipe
from torchgrade.session.remote import dask_executor
from torchgrade.spec.load import load_bank
from torchgrade.store.database import Store
from torchgrade.writers import WRITERS

LEVEL, SEED, JOBS = "sandbox", "benchmark", 2
MIX = {Kind.RIGHT: 70.0, Kind.WRONG: 25.0, Kind.CRASHING: 5.0}
"""No endless loops: what they cost is the time limit's doing, not ours."""
ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """Submissions, and the exercises they answer."""

    exercises: tuple[Exercise, ...]
    submissions: tuple[Submission, ...]

    @classmethod
    def of(cls, names: Sequence[str], count: int, seed: int = 1) -> Class:
        """So many submitters, whose files are all scripts; nobody copies byte by byte, or it would be graded once."""
        bank = {exercise.id: exercise for exercise in load_bank(ROOT / "exercises")[0]}
        exercises = tuple(bank[name] for name in names)
        plan = Plan(exercises=exercises, count=count, mix=MIX, seed=seed, notebooks=0.0)
        everybody = (each.submission() for each in members(plan) if each.friend < 0)
        return cls(exercises=exercises, submissions=tuple(everybody))

    def seconds(self, executor: Executor, folder: Path) -> float:
        """From the first submission to the last byte of the report, with the store in a folder."""
        start = time.perf_counter()
        with Store(folder) as store:
            run = store.run(self.exercises, header(LEVEL, SEED), "en")
            for submission in self.submissions:
                run.add(submission)
            for _ in graded(run, executor):
                pass
            with (folder / "report.json").open("wb") as stream:
                stream.writelines(WRITERS["json"].render(run.header, Attempts(run, lambda attempt: attempt)))
        return time.perf_counter() - start


def figures() -> Iterator[Figure]:
    """The rows of DESIGN §7 that concern batches, but for growth."""
    yield from beside_pytest()
    yield two_jobs()
    yield unchanged()
    yield on_a_cluster()


def beside_pytest() -> Iterator[Figure]:
    """Each submission beside pytest in a fresh process: classes of 200 for one of five exercises, and for the bank."""
    bank = tuple(exercise.id for exercise in load_bank(ROOT / "exercises")[0])
    for what, homeworks, least in (("1", [(name,) for name in FIVE], 50.0), (str(len(bank)), [bank], 15.0)):
        costs = [_costs(Class.of(names, 200)) for names in homeworks]
        ours, theirs = (statistics.mean(each) for each in zip(*costs, strict=True))
        yield Figure(
            what=f"a class of submissions of {what}, two at a time",
            value=theirs / ours,
            least=least,
            unit="x faster than pytest",
            of=f"{ours:.1f} ms / {theirs:.0f} ms a submission",
        )


def _costs(given: Class) -> tuple[float, float]:
    """Milliseconds a submission of ours, and in pytest."""
    with local(given) as executors, ForkingSandbox(LEVELS[LEVEL]) as sandbox:
        seconds = _fresh(given, executors["two"])
        plans = tuple(Session(sandbox, SEED).resolve(exercise).plan for exercise in given.exercises)
    works = tuple(Work(source=each.source, plans=plans) for each in given.submissions)
    return MILLI * seconds / len(works), fresh.milliseconds(works, JOBS)


def two_jobs() -> Figure:
    """The same class with one job and with two, in turns.

    One job keeps more than one core busy: a child is asked ahead, and the one before it is still being cleared away.
    """
    given = Class.of(FIVE, 120)
    with local(given) as executors:
        times = _in_turns(lambda which: _fresh(given, executors[which]), ("one", "two"))
    return Figure(
        what=f"two jobs, {len(given.submissions)} submissions of {len(FIVE)}",
        value=times["one"] / times["two"],
        least=1.8,
        unit="x faster than one",
        of=f"{times['two']:.2f} s / {times['one']:.2f} s",
    )


def unchanged() -> Figure:
    """A class that was graded before, and did not change."""
    given = Class.of(FIVE, 200)
    with local(given) as executors, tempfile.TemporaryDirectory() as folder:
        given.seconds(executors["two"], Path(folder))
        seconds = statistics.median(given.seconds(executors["two"], Path(folder)) for _ in range(ROUNDS))
    attempts = len(given.submissions) * len(FIVE)
    return Figure(
        what="unchanged, with its report",
        value=attempts / seconds,
        least=1000.0,
        unit="attempts a second",
        of=f"{attempts} in {seconds:.2f} s",
    )


def on_a_cluster() -> Figure:
    """Two Dask workers on this machine beside the pool with two jobs, in turns."""
    given = Class.of(FIVE, 120)
    told = header(LEVEL, SEED)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        executors, cluster = stack.enter_context(local(given)), stack.enter_context(dask_cluster(folder, JOBS))
        both = {"two": executors["two"], "dask": dask_executor(cluster.address, recipe(given.exercises, told, "en"))}
        times = _in_turns(lambda which: _fresh(given, both[which]), ("two", "dask"))
    return Figure(
        what="two Dask workers",
        value=times["dask"] / times["two"],
        most=1.15,
        unit="x a pool of two",
        of=f"{times['dask']:.2f} s / {times['two']:.2f} s",
    )


@contextmanager
def local(given: Class) -> Iterator[dict[str, Executor]]:
    """A warm sandbox with one job and with two."""
    with ForkingSandbox(LEVELS[LEVEL], warm="full") as sandbox:
        grader = Session(sandbox, SEED).grader(given.exercises)
        gc.freeze()  # as `grade` does
        executors: dict[str, Executor] = {"one": SerialExecutor(grader), "two": PoolExecutor(grader, JOBS)}
        _fresh(Class(exercises=given.exercises, submissions=given.submissions[:JOBS]), executors["two"])
        yield executors


def _fresh(given: Class, executor: Executor) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return given.seconds(executor, Path(folder))


def _in_turns(seconds: Callable[[str], float], names: Sequence[str]) -> dict[str, float]:
    """The median of each, after one turn that does not count."""
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(ROUNDS + 1):
        for name in names:
            took = seconds(name)
            if number:
                times[name].append(took)
    return {name: statistics.median(each) for name, each in times.items()}
