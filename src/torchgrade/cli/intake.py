"""From paths to a run: the store, what was handed in, and whose work is graded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from torchgrade.cli.command import whom
from torchgrade.cli.course import Course
from torchgrade.errors import StoreError, UsageError
from torchgrade.model.assignment import Assignment, Policy
from torchgrade.model.report import Header
from torchgrade.model.submission import Submission
from torchgrade.readers import read, read_of
from torchgrade.readers.tree import Allowed
from torchgrade.store.book import Book
from torchgrade.store.database import Store
from torchgrade.store.run import Run
from torchgrade.writers.escape import line
from torchgrade.writers.fill.grade import listed

MOST_LINES = 50
"""Of problems with what was handed in, which are all in the report as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is handed in, and whose of it is graded; a `submitter` handed in all of the one path."""

    paths: tuple[Path, ...]
    pattern: str
    only: tuple[str, ...]
    shard: tuple[int, int] | None
    rerun_failed: bool
    submitter: str = ""


@contextmanager
def kept(paths: tuple[Path, ...], *, must_last: bool) -> Iterator[Store]:
    """The store of this user. Where there can be none, and it need not last, what is graded is kept for this run."""
    lasting = Store.of_user()
    lasting.refuse_inside(paths)
    with ExitStack() as stack:
        try:
            store = stack.enter_context(lasting)
        except StoreError as error:
            if must_last:
                raise
            click.echo(f"torchgrade: {error.message}: nothing is kept for later runs", err=True)
            store = stack.enter_context(Store.temporary())
        yield store


def run(intake: Intake, store: Store, course: Course, header: Header, language: str) -> Run:
    """Everything that was handed in, with what counts of it; whoever cannot be read is told in a line."""
    found = store.run(course.exercises, header, language)
    assignment = course.assignment
    allowed = Allowed(files=assignment.files, imports=assignment.imports) if assignment else Allowed()
    pattern = intake.pattern or (assignment.pattern if assignment else "")
    for path in intake.paths:
        _take_in(found, _of_one(intake, allowed) if intake.submitter else read(path, allowed, pattern))
    found.tell_apart()
    _refuse_unknown(found, intake)
    found.select(intake.only, intake.shard)
    _refuse_unclear(found)
    _choose(found, assignment, store.book)
    _tell_problems(found)
    if intake.rerun_failed:
        found.forget_failed()
    return found


def _of_one(intake: Intake, allowed: Allowed) -> Iterator[Submission]:
    if len(intake.paths) > 1 or intake.pattern:
        raise UsageError(
            "--submitter names who handed in all of PATH", hint="give one PATH, and no --pattern, or leave it out"
        )
    yield read_of(intake.submitter, intake.paths[0], allowed)


def _take_in(run: Run, submissions: Iterable[Submission]) -> None:
    for submission in submissions:
        if submission.submitter:
            run.add(submission)
        elif submission.problem:
            click.echo(line(f"{submission.path}: {submission.problem.message}"), err=True)


def _refuse_unknown(run: Run, intake: Intake) -> None:
    known = run.submitters()
    if not known:
        raise UsageError(f"there are no submissions in {', '.join(map(str, intake.paths))}")
    for name in intake.only:
        if name not in known:
            raise UsageError(
                f"there is no submission of {name!r}{whom(name, known)}", hint=f"there are: {listed(known)}"
            )


def _refuse_unclear(run: Run) -> None:
    unclear = run.duplicates()
    if unclear:
        first = unclear[0]
        more = f"; so it is with {len(unclear) - 1} others" if len(unclear) > 1 else ""
        raise UsageError(
            f"{len(first.paths)} submissions are {first.submitter}'s, and nobody knows which came last: "
            f"{', '.join(first.paths)}{more}",
            hint="rename them, or leave out those that do not count",
        )


def _choose(run: Run, assignment: Assignment | None, book: Book) -> None:
    """Let count what does; whoever handed in too often is told in a line."""
    if assignment is None:
        run.choose(Policy())
        return
    book.record(assignment.id, run.submissions())
    beyond = run.choose(assignment.policy, partial(book.handed_in, assignment.id))
    most = assignment.policy.attempts
    for each in beyond[:MOST_LINES]:
        told = f"{each.submitter} ({each.path}): it is submission {each.place}, and the first {most} count"
        click.echo(line(told), err=True)
    if len(beyond) > MOST_LINES:
        click.echo(f"… and {len(beyond) - MOST_LINES} more, whose submissions do not count either", err=True)


def _tell_problems(run: Run) -> None:
    for number, problem in enumerate(run.problems()):
        if number == MOST_LINES:
            click.echo("… and more, which the report names", err=True)
            break
        click.echo(line(f"{problem.submitter} ({problem.path}): {problem.says}"), err=True)
