"""Tasks in chunks, and what becomes of a chunk whose worker died.

A Dask task costs 8 ms whatever is in it, so several tasks go together; the first chunks are small, so that a small
class is spread over all workers. A chunk that is lost flies again; if that is lost, too, one of its tasks may kill
whoever grades it: from then on each flies in a chunk of its own, one such chunk at a time, and is given up if it is
lost again and again. So no submission pays for its neighbour, and nothing is tried for ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from torchgrade.model.task import Task

MOST_TASKS = 16
MOST_ATTEMPTS = 32
"""A chunk is full with so many tasks, or with tasks of so many attempts."""
TOGETHER = 2
ALONE = 2
"""So often a chunk is lost before it is taken apart, and a task that flies alone before it is given up."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tasks that fly together. A suspect is one task, of a chunk that was lost too often."""

    tasks: tuple[Task, ...]
    losses: int = 0
    is_suspect: bool = False


class Chunks:
    """Which chunk flies next."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._tasks = tasks
        self._cut = 0
        self._again: deque[Chunk] = deque()
        self._suspects: deque[Chunk] = deque()
        self._suspect_flies = False

    def next(self, slots: int) -> Chunk | None:
        """The next chunk for a cluster that does `slots` at a time; None if there is none, or none now."""
        if self._again:
            return self._again.popleft()
        if self._suspects and not self._suspect_flies:
            self._suspect_flies = True
            return self._suspects.popleft()
        return self._fresh(slots)

    def landed(self, chunk: Chunk) -> None:
        """It is graded."""
        self._suspect_flies &= not chunk.is_suspect

    def lost(self, chunk: Chunk) -> tuple[Task, ...]:
        """Its worker died with it. The tasks that are given up."""
        self.landed(chunk)
        chunk = replace(chunk, losses=chunk.losses + 1)
        if not chunk.is_suspect and chunk.losses < TOGETHER:
            self._again.append(chunk)
        elif not chunk.is_suspect:
            self._suspects.extend(Chunk((task,), is_suspect=True) for task in chunk.tasks)
        elif chunk.losses < ALONE:
            self._suspects.appendleft(chunk)
        else:
            return chunk.tasks
        return ()

    def _fresh(self, slots: int) -> Chunk | None:
        most = min(MOST_TASKS, 2 ** (self._cut // max(1, slots)))
        tasks: list[Task] = []
        attempts = 0
        while len(tasks) < most and attempts < MOST_ATTEMPTS and (task := next(self._tasks, None)):
            tasks.append(task)
            attempts += len(task.exercises)
        self._cut += 1
        return Chunk(tuple(tasks)) if tasks else None
