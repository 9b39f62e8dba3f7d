"""Several submissions at a time, on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import ClassVar

from torchgrade.model.task import Done, Grader, Task

_AHEAD = 2
"""So many tasks for each thread are under way or done and not asked for: memory does not grow with the class."""
_TURN = 0.001
"""Seconds for which a thread that judges lets one wait whose child has answered, and is idle until it is asked more."""


class PoolExecutor:
    """Grades `jobs` tasks at a time; threads are enough, because submissions run in processes of the sandbox."""

    kind: ClassVar[str] = "pool"

    def __init__(self, grader: Grader, jobs: int = 2) -> None:
        self._grader = grader
        self._jobs = jobs

    def map(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """The results as they are done; tasks are read in the caller's own thread. What the grader raises ends the run.

        Whoever stops asking waits for nothing: what has not begun is dropped, and what has ends by itself, or when the
        sandbox is closed.
        """
        threads = ThreadPoolExecutor(self._jobs, "grading")
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        try:
            yield from self._results(threads, iter(tasks))
        finally:
            sys.setswitchinterval(usual)
            threads.shutdown(wait=False, cancel_futures=True)

    def _results(self, threads: ThreadPoolExecutor, tasks: Iterator[Task]) -> Iterator[Done]:
        flying: set[Future[Done]] = set()
        while True:
            room = _AHEAD * self._jobs - len(flying)
            flying.update(threads.submit(self._grader, task) for task in islice(tasks, room))
            if not flying:
                return
            landed, flying = wait(flying, return_when=FIRST_COMPLETED)
            for future in sorted(landed, key=_has_failed):
                yield future.result()


def _has_failed(future: Future[Done]) -> bool:
    """What is done well is handed over before a failure ends the run."""
    return future.exception() is not None
