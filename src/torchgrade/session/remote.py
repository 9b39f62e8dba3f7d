"""Grading on other machines: what a worker of a cluster does there, and the executor that has it done."""

from __future__ import annotations

import gc
import platform
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from threading import Lock

from torchgrade.errors import IsolationError, TorchgradeError, UsageError
from torchgrade.executors.dask import DaskExecutor
from torchgrade.executors.fitness import SAME_VERSIONS, misfits
from torchgrade.model.exercise import Exercise
from torchgrade.model.recipe import Recipe
from torchgrade.model.task import Done, Grader, Task
from torchgrade.sandbox import ISOLATIONS
from torchgrade.sandbox.selftest import verify
from torchgrade.sandbox.warmth import Warmth
from torchgrade.session.failure import judge_error
from torchgrade.session.recipe import exercises
from torchgrade.session.session import Session, header
from torchgrade.wire import chunks, recipes

_KEPT = 2
"""So many recipes stay ready in a process, each with a warm sandbox: the last ones that were asked for."""


def dask_executor(address: str, recipe: Recipe) -> DaskExecutor:
    """The executor that grades by this recipe on the Dask cluster at `address`."""

    @cache
    def named() -> Mapping[str, Exercise]:
        return {exercise.id: exercise for exercise in exercises(recipe)}

    def give_up(task: Task, error: Exception) -> Done:
        attempts = (judge_error(task.submission, named()[name], error) for name in task.exercises)
        return Done(task=task, attempts=tuple(attempts), measurements=())

    return DaskExecutor(address, recipe, grade_chunk, give_up)


def grade_chunk(recipe: bytes, chunk: bytes) -> bytes:
    """In a worker process: the tasks of a chunk graded by a recipe; a refusal is an answer, too."""
    try:
        with _BENCHES.lent(recipe) as grader:
            return chunks.encode_done([grader(task) for task in chunks.decode(chunk)])
    except (UsageError, IsolationError) as error:
        return chunks.encode_refusal(_from_here(error))


def _from_here(error: TorchgradeError) -> TorchgradeError:
    """The error with the name of this machine: whoever reads it sits at another one."""
    return type(error)(f"on {platform.node()}: {error.message}", hint=error.hint)


class _Bench:
    """What one recipe needs in this process: exercises resolved, and a warm sandbox.

    The sandbox's processes end when this one does, however it ends: their control socket closes.
    """

    def __init__(self, recipe: bytes) -> None:
        self.users = 0
        self._recipe = recipe
        self._wanted = Lock()
        self._open = ExitStack()
        self._grader: Grader | None = None

    def grader(self) -> Grader:
        """Made by the first of the threads that want it, which the others wait for."""
        with self._wanted:
            if self._grader is None:
                with ExitStack() as stack:
                    self._grader = _grader(recipes.decode(self._recipe), stack)
                    self._open = stack.pop_all()
                gc.freeze()  # what is resolved stays: the collector need not go through it with every submission
            return self._grader

    def close(self) -> None:
        """End its processes."""
        self._open.close()
        gc.unfreeze()


class _Benches:
    """The benches of a process. Those in use stay; of the others, the last ones."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._benches: OrderedDict[bytes, _Bench] = OrderedDict()

    @contextmanager
    def lent(self, recipe: bytes) -> Iterator[Grader]:
        """The grader of a recipe, for one thread, for as long as it needs it."""
        with self._lock:
            bench = self._benches.setdefault(recipe, _Bench(recipe))
            self._benches.move_to_end(recipe)
            bench.users += 1
        try:
            yield bench.grader()
        finally:
            with self._lock:
                bench.users -= 1
                self._clear()

    def _clear(self) -> None:
        idle = [recipe for recipe, bench in self._benches.items() if not bench.users]
        for recipe in idle[: max(0, len(self._benches) - _KEPT)]:
            self._benches.pop(recipe).close()


_BENCHES = _Benches()


def _grader(recipe: Recipe, stack: ExitStack) -> Grader:
    found = header(recipe.isolation, recipe.seed).versions
    if wrong := misfits(recipe.versions, found):
        raise UsageError(f"the Dask worker {wrong}", hint=SAME_VERSIONS)
    wanted = exercises(recipe)
    sandbox = stack.enter_context(ISOLATIONS[recipe.isolation](Warmth.FULL))
    verify(sandbox)
    return Session(sandbox, recipe.seed).grader(wanted)
