"""The run itself: who grades, what is seen of it meanwhile, and what an interrupt leaves."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType

import click

from torchgrade.cli import reports
from torchgrade.cli.course import Course
from torchgrade.cli.isolation import at_level, refuse_unknown
from torchgrade.cli.progress import followed
from torchgrade.errors import UsageError
from torchgrade.executors.pool import PoolExecutor
from torchgrade.executors.serial import SerialExecutor
from torchgrade.grading.weights import worths
from torchgrade.model.kinds import Executor
from torchgrade.model.report import Header
from torchgrade.model.task import Done
from torchgrade.session import Session, header
from torchgrade.session.batch import graded
from torchgrade.store.run import Run

MOST_JOBS = 8
"""Unless the command line says more: each may take the memory that its exercise allows."""
A_FEW = 10
"""So many submissions have torch's late modules loaded as they ask for them; for more, all are loaded at the start."""
POOL, DASK = "pool", "dask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """Who grades: at which isolation level, on this machine or others, how many at a time."""

    isolation: str
    executor: str
    jobs: int | None
    language: str = "en"

    def header(self, seed: str, course: Course) -> Header:
        """What the report says of all attempts."""
        refuse_unknown(self.isolation)
        told = header(self.isolation, seed, course.exercises, self.language)
        if course.assignment is None:
            return told
        worth = worths(course.assignment, course.exercises)
        statements = (replace(each, points=worth[each.exercise]) for each in told.exercises)
        return replace(told, exercises=tuple(statements), assignment=course.assignment.id)

    @contextmanager
    def executor_for(self, course: Course, header: Header, *, is_class: bool) -> Iterator[Executor]:
        """What grades the tasks of a course."""
        kind, _, address = self.executor.partition(":")
        if kind == DASK:
            yield self._elsewhere(course, header, address)
        elif self.executor != POOL:
            raise UsageError(f"there is no executor {self.executor!r}", hint=f"{POOL}, or {DASK}:ADDRESS")
        else:
            with at_level(self.isolation, is_class=is_class) as sandbox:
                grader = Session(sandbox, header.seed).grader(course.exercises)
                gc.freeze()  # exercises are resolved and stay: the collector need not go through them again and again
                jobs = self.jobs or min(os.cpu_count() or 1, MOST_JOBS)
                yield PoolExecutor(grader, jobs) if jobs > 1 else SerialExecutor(grader)

    def _elsewhere(self, course: Course, header: Header, address: str) -> Executor:
        from torchgrade.session.recipe import recipe
        from torchgrade.session.remote import dask_executor

        limits = course.assignment.limits if course.assignment else None
        return dask_executor(address, recipe(course.exercises, header, self.language, limits))


def grade(run: Run, course: Course, workers: Workers, note: Callable[[str], None]) -> None:
    """Grade what is pending; every attempt is kept as soon as it is there."""
    counts = run.counts()
    if counts.unchanged:
        click.echo(f"{counts.unchanged} of {counts.attempts} attempts are unchanged", err=True)
    if not counts.pending:
        return
    is_class = counts.pending > A_FEW
    with _interruptible(), workers.executor_for(course, run.header, is_class=is_class) as executor:
        note(reports.machine())
        for done in followed(_told_if_stopped(graded(run, executor), counts.pending), counts.pending):
            for measurement in done.measurements:
                note(reports.line(measurement))


def _told_if_stopped(items: Iterator[Done], total: int) -> Iterator[Done]:
    """The items; whoever stops the run is told that what is done is not lost."""
    count = 0
    try:
        for item in items:
            count += 1
            yield item
    except (KeyboardInterrupt, GeneratorExit):
        kept = f"{count} of {total} submissions are graded and kept"
        click.echo(f"stopped: {kept}; the same command goes on from there", err=True)
        raise


@contextmanager
def _interruptible() -> Iterator[None]:
    """A polite request to end (SIGTERM) is as Ctrl-C: what is done is kept, and no process is left behind."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
