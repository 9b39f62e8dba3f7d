"""The command for a class's points: the table, a student's history, a teacher's decision, a platform's file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks, did_you_mean, whom
from torchgrade.cli.options import exercises_option
from torchgrade.errors import UsageError

if TYPE_CHECKING:
    from torchgrade.grading.gradebook import Row
    from torchgrade.model.assignment import Assignment
    from torchgrade.model.history import Student
    from torchgrade.store.book import Book

POINTS = re.compile(r"\d{1,6}(\.\d{1,6}|/[1-9]\d{0,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What `gradebook` was asked."""

    assignment: Path
    exercises: Path | None
    format: str
    history: str | None
    override: str | None
    exercise: str | None
    points: str | None
    withdraw: bool
    reason: str | None
    fill: Path | None
    into: Path | None
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An assignment, what its exercises are worth, and its history."""

    assignment: Assignment
    worths: dict[str, Fraction]
    book: Book

    def rows(self) -> Iterator[Row]:
        """A row for each student."""
        return map(self.row, self.book.students(self.assignment.id))

    def row(self, student: Student) -> Row:
        """A student's row."""
        from torchgrade.grading.gradebook import row

        return row(self.assignment, self.worths, student)

    def settled(self) -> tuple[list[Row], list[Row]]:
        """The rows of those whose total is final, and of those who have to be graded first."""
        from torchgrade.grading.gradebook import is_settled

        settled: list[Row] = []
        waiting: list[Row] = []
        for student in self.book.students(self.assignment.id):
            row = self.row(student)
            if row.counted or row.overrides:
                (settled if is_settled(self.assignment, student, row) else waiting).append(row)
        return settled, waiting

    def student(self, name: str) -> Student:
        """The student that an account means, or a name; `name ada` is the Ada who has no account."""
        if not name.strip():
            raise UsageError("a student without a name is nobody", hint="name one as the gradebook does")
        known = tuple(self.book.students(self.assignment.id))
        found = (
            [each for each in known if each.account == name]
            or [each for each in known if each.submitter == name]
            or [each for each in known if not each.account and f"name {each.submitter}" == name]
        )
        if len(found) > 1:
            names = ", ".join(repr(each.account or f"name {each.submitter}") for each in found)
            raise UsageError(f"several students are called {name!r}", hint=f"name one of them as one of {names}")
        if not found:
            near = whom(name, [each.submitter for each in known])
            raise UsageError(
                f"{name!r} handed nothing in for {self.assignment.id}{near}",
                hint=f"torchgrade grade … --assignment {self.assignment.path} fills the gradebook",
            )
        return found[0]


@click.command(
    "gradebook",
    cls=Command,
    examples=(
        "torchgrade gradebook --assignment week1.yaml",
        "torchgrade gradebook --assignment week1.yaml --format csv > week1.csv",
        "torchgrade gradebook --assignment week1.yaml --history alice",
        "torchgrade gradebook --assignment week1.yaml --override alice --points 3 --reason 'fire alarm'",
        "torchgrade gradebook --assignment week1.yaml --fill canvas.csv --into upload.csv",
    ),
)
@click.option("--assignment", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@exercises_option
@click.option("--format", type=click.Choice(["terminal", "csv"]), default="terminal", show_default=True)
@click.option("--history", metavar="STUDENT", help="Show all that one student handed in, and every result it had.")
@click.option("--override", metavar="STUDENT", help="Decide on a student's points, whatever was earned.")
@click.option("--exercise", metavar="ID", help="The exercise to decide on; else all of it.")
@click.option("--points", metavar="N", help="The points decided on, like 2.5 or 7/3.")
@click.option("--withdraw", is_flag=True, help="Take the last decision back.")
@click.option("--reason", metavar="TEXT", help="Why; it is shown beside the points.")
@click.option(
    "--fill",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A platform's own grade export, as CSV.",
)
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="Where the filled export goes.")
@click.option("--column", default="", help="Which column to fill, where the export has several.")
@asks(Booking)
def gradebook_command(request: Booking) -> int:
    """Show a class's points in an assignment, and decide on them."""
    _refuse_contradictions(request)
    with opened(request.assignment, request.exercises) as found:
        if request.override is not None:
            return _decide(request, found)
        if request.history is not None:
            return _tell(found, request.history)
        if request.fill is not None and request.into is not None:
            return _fill(found, request, request.fill.read_bytes(), request.into)
        return _show(found, request.format)


@contextmanager
def opened(path: Path, exercises: Path | None) -> Iterator[Opened]:
    """An assignment with its history, while the store is open."""
    from torchgrade.cli.assignments import assignment_of
    from torchgrade.grading.weights import worths
    from torchgrade.store.database import Store

    assignment, known = assignment_of(path, exercises)
    with Store.of_user() as store:
        yield Opened(assignment=assignment, worths=dict(worths(assignment, known)), book=store.book)


def _refuse_contradictions(request: Booking) -> None:
    wishes = [name for name in ("history", "override", "fill") if getattr(request, name) is not None]
    if len(wishes) > 1:
        raise UsageError(f"--{wishes[0]} and --{wishes[1]} are two commands", hint="give them one after the other")
    if (request.fill is None) != (request.into is None):
        raise UsageError("--fill and --into go together", hint="--fill EXPORT.csv --into UPLOAD.csv")
    if request.fill is not None and request.into is not None and request.fill.resolve() == request.into.resolve():
        raise UsageError("the export itself is not written to", hint="name another file with --into")
    decides = (
        request.points is not None or request.withdraw or request.exercise is not None or request.reason is not None
    )
    if decides and request.override is None:
        raise UsageError("--exercise, --points, --withdraw and --reason need a student", hint="add --override STUDENT")


def _decide(request: Booking, found: Opened) -> int:
    from torchgrade.model.history import Override
    from torchgrade.writers.gradebook import decision

    student = found.student(request.override or "")
    if (request.points is None) != request.withdraw:
        raise UsageError("a decision has --points N, or takes the last one back with --withdraw")
    if not (request.reason or "").strip():
        raise UsageError("a decision needs its reason", hint="--reason TEXT; students and colleagues will ask")
    override = Override(
        exercise=_exercise(request.exercise, found.assignment) if request.exercise is not None else "",
        points=None if request.points is None else _points(request.points),
        reason=(request.reason or "").strip(),
        who=_login(),
    )
    before = found.row(student)
    found.book.override(found.assignment.id, student, override)
    after = found.row(found.student(request.override or ""))
    from torchgrade.writers.escape import line
    from torchgrade.writers.totals import shown

    click.echo(f"{line(student.submitter)}: {decision(override)}")
    click.echo(f"total: {shown(before.total)} before, {shown(after.total)} of {shown(after.most)} now")
    return 0


def _tell(found: Opened, name: str) -> int:
    from torchgrade.writers.gradebook import history

    student = found.student(name)
    click.echo(history(student, found.row(student)))
    return 0


def _show(found: Opened, format: str) -> int:
    from torchgrade.writers.gradebook import lines_of_csv, terminal

    if format == "csv":
        for line in lines_of_csv(found.rows(), found.worths):
            click.echo(line, nl=False)
        return 0
    click.echo(terminal(found.rows(), found.worths), nl=False)
    return 0


def _fill(found: Opened, request: Booking, export: bytes, into: Path) -> int:
    from torchgrade.cli.writing import replacing
    from torchgrade.writers.fill import Grade, fill
    from torchgrade.writers.gradebook import comment

    settled, waiting = found.settled()
    grades = (
        Grade(
            submitter=row.submitter,
            account=row.account,
            points=row.total,
            max_points=row.most,
            comment=comment(row),
        )
        for row in settled
    )
    filled = fill("", export, grades, column=request.column)
    try:
        with replacing(into) as stream:
            stream.write(filled.content)
    except OSError as error:
        raise UsageError(f"{into} cannot be written: {error.strerror}", hint="name another file with --into") from error
    for line in filled.lines():
        click.echo(line)
    if waiting:
        _tell_waiting(waiting, found.assignment)
    click.echo(f"wrote {into}")
    return 0


def _tell_waiting(waiting: list[Row], assignment: Assignment) -> None:
    from torchgrade.writers.fill.grade import listed

    names = listed(tuple(row.submitter for row in waiting))
    click.echo(f"not filled, because not everything is graded, or the grader failed: {names}")
    click.echo(f"hint: torchgrade grade … --assignment {assignment.path} grades what is left; --override decides")


def _exercise(word: str, assignment: Assignment) -> str:
    """The exercise of the assignment that a word means: its id, or the end of it."""
    known = [item.exercise for item in assignment.exercises]
    found = [identifier for identifier in known if word in (identifier, identifier.rpartition("/")[2])]
    if len(found) == 1:
        return found[0]
    if found:
        several = f"several exercises of {assignment.id} are called {word!r}"
        raise UsageError(several, hint=f"name one of them by its id: {', '.join(found)}")
    raise UsageError(f"{assignment.id} has no exercise {word!r}{did_you_mean(word, known)}", hint=", ".join(known))


def _points(text: str) -> Fraction:
    if not POINTS.fullmatch(text):
        raise UsageError(f"{text!r} is no number of points", hint="like 2.5 or 7/3, and not negative")
    return Fraction(text)


def _login() -> str:
    try:
        return getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}"
