"""The command that grades a class again after an exercise was changed, and shows first what that does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks
from torchgrade.cli.exits import after
from torchgrade.cli.options import exercises_option, lang_option, workers_options
from torchgrade.errors import UsageError

if TYPE_CHECKING:
    from torchgrade.grading.changes import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrading:
    """What `regrade` was asked."""

    assignment: Path
    exercises: Path | None
    preview: bool
    seed: str | None
    lang: str
    isolation: str
    executor: str
    jobs: int | None


@click.command(
    "regrade",
    cls=Command,
    examples=(
        "torchgrade regrade --assignment week1.yaml --preview",
        "torchgrade regrade --assignment week1.yaml",
    ),
)
@click.option("--assignment", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@exercises_option
@click.option(
    "--preview", is_flag=True, help="Show who would change, by how much and why; the gradebook stays as it is."
)
@click.option("--seed", help="Draws the hidden inputs; else the assignment's, else the one that is kept here.")
@lang_option
@workers_options
@asks(Regrading)
def regrade_command(request: Regrading) -> int:
    """Grade what was handed in again, with the exercises as they are now."""
    from torchgrade.cli.assignments import assignment_of
    from torchgrade.cli.course import Course, seed_of
    from torchgrade.cli.running import Workers, grade
    from torchgrade.grading.weights import worths
    from torchgrade.session.regrade import Regrade
    from torchgrade.spec.language import spoken
    from torchgrade.store.database import Store

    assignment, exercises = assignment_of(request.assignment, request.exercises)
    asked = Course(exercises=tuple(spoken(each, request.lang) for each in exercises), assignment=assignment)
    workers = Workers(isolation=request.isolation, executor=request.executor, jobs=request.jobs, language=request.lang)
    header = workers.header(seed_of(request.seed, asked), asked)
    with Store.of_user() as store:
        again = Regrade(assignment=assignment, worths=worths(assignment, exercises), book=store.book)
        run = store.run(asked.exercises, header, request.lang)
        for submission in again.submissions():
            run.add(submission)
        grade(run, asked, workers, lambda line: None)
        _show(tuple(again.changes(run.keyed())), request)
        if not request.preview:
            again.write(run.keyed())
        return after(again.named(run.keyed()), gate_holds=True)


def _show(found: tuple[Change | None, ...], request: Regrading) -> None:
    """The table, what it comes to, and what becomes of it."""
    from torchgrade.cli.actions import harmless
    from torchgrade.grading.changes import by_effect, summary
    from torchgrade.writers.changes import changes, told

    if not found:
        name = request.assignment
        raise UsageError(
            f"nobody handed anything in for {name.stem}",
            hint=f"torchgrade grade … --assignment {name} fills the gradebook",
        )
    changed = by_effect(each for each in found if each is not None)
    with harmless():
        if changed:
            click.echo(changes(changed))
        click.echo(told(summary(changed, len(found))))
    if request.preview:
        click.echo("this was a preview: the gradebook is as it was; without --preview it changes")
    else:
        click.echo("the gradebook has the new results; gradebook --history STUDENT shows the old ones beside them")
