"""Several pieces of work at a time, in one sandbox."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import ClassVar, TypeAlias

from torchgrade.model.kinds import Sandbox
from torchgrade.model.observation import Measured
from torchgrade.model.probe import Work

Results: TypeAlias = tuple[Measured, ...]
_AHEAD = 2
"""So many works for each thread are under way or done and not asked for: memory does not grow with the class."""


class PoolExecutor:
    """Does `jobs` works at a time; threads are enough, because the work itself is done by processes of the sandbox."""

    kind: ClassVar[str] = "pool"

    def __init__(self, sandbox: Sandbox, jobs: int = 2) -> None:
        self._sandbox = sandbox
        self._jobs = jobs

    def map(self, work: Iterable[Work]) -> Iterator[Results]:
        """The results in the order of the work, which the caller's own thread reads.

        Whoever stops asking waits for nothing: what has not begun is dropped, and what has ends by itself, or when the
        sandbox is closed.
        """
        threads = ThreadPoolExecutor(self._jobs, "measuring")
        try:
            yield from self._results(threads, iter(work))
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _results(self, threads: ThreadPoolExecutor, work: Iterator[Work]) -> Iterator[Results]:
        ahead: deque[Future[Results]] = deque()
        while True:
            wanted = _AHEAD * self._jobs - len(ahead)
            ahead.extend(threads.submit(self._sandbox.measure, each) for each in islice(work, wanted))
            if not ahead:
                return
            yield ahead.popleft().result()
