"""The command for instructors: grade a class and write its reports."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks
from torchgrade.cli.options import (
    audience_option,
    exercises_option,
    format_option,
    lang_option,
    shard_option,
    workers_options,
)
from torchgrade.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torchgrade.cli.intake import Intake
    from torchgrade.model.finding import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """What `grade` was asked."""

    paths: tuple[Path, ...]
    exercises: Path | None
    assignment: Path | None
    ids: tuple[str, ...]
    only: tuple[str, ...]
    submitter: str
    shard: tuple[int, int] | None
    pattern: str
    report: Path | None
    format: str
    audience: str | None
    seed: str | None
    fail_under: float | None
    rerun_failed: bool
    lang: str
    isolation: str
    executor: str
    jobs: int | None


@click.command(
    "grade",
    cls=Command,
    examples=(
        "torchgrade grade submissions/",
        "torchgrade grade submissions.zip --assignment exercises/assignments/first-week.yaml",
        "torchgrade grade submissions/ --id linalg/solve --only alice",
        "torchgrade grade answers.py --format json,junit --report out --fail-under 60",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@exercises_option
@click.option(
    "--assignment",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An assignment: its exercises, weights and policy; the gradebook takes it in.",
)
@click.option("--id", "ids", multiple=True, metavar="ID", help="Grade this exercise only (repeat for several).")
@click.option("--only", multiple=True, metavar="SUBMITTER", help="Grade this submitter only (repeat for several).")
@click.option("--submitter", default="", metavar="NAME", help="All of PATH is what this one person handed in.")
@shard_option
@click.option("--pattern", default="", metavar="REGEX", help="For file names of no known platform: (?P<submitter>…).")
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), help="Where reports go: reports/<name>.")
@format_option
@audience_option
@click.option("--seed", help="Draws the hidden inputs; else one that was drawn for you once and is kept.")
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail if anyone earns less.")
@click.option("--rerun-failed", is_flag=True, help="Grade again what was not accepted the last time.")
@lang_option
@workers_options
@asks(Grading)
def grade_command(request: Grading) -> int:
    """Grade files, folders or exports of a platform, and write reports.

    What was graded before and is unchanged is not graded again.
    """
    from torchgrade.cli import intake, reports, running
    from torchgrade.cli.course import course, seed_of
    from torchgrade.cli.exits import after
    from torchgrade.cli.formats import writers
    from torchgrade.session.batch import Attempts, enter

    folder = request.report or Path("reports") / _run_name(request.paths)
    _refuse(request, folder)
    asked_for = writers(request.format, request.audience)
    asked = course(request.exercises, request.ids, request.assignment, request.lang)
    workers = running.Workers(
        isolation=request.isolation, executor=request.executor, jobs=request.jobs, language=request.lang
    )
    header = workers.header(seed_of(request.seed, asked), asked)
    with intake.kept(request.paths, must_last=asked.assignment is not None) as store:
        run = intake.run(_intake(request), store, asked, header, request.lang)
        with reports.noting(folder) as note:
            running.grade(run, asked, workers, note)
        if asked.assignment:
            enter(store.book, run, asked.assignment)
        attempts = Attempts(run, asked.change(store.book))
        reports.write(folder, asked_for, run.header, attempts)
        reports.show(folder, asked_for, run.header, attempts)
        return after(attempts, gate_holds=not _fails(attempts, request.fail_under), is_complete=asked.is_complete)


def _intake(request: Grading) -> Intake:
    from torchgrade.cli.intake import Intake

    return Intake(
        paths=request.paths,
        pattern=request.pattern,
        only=request.only,
        shard=request.shard,
        rerun_failed=request.rerun_failed,
        submitter=request.submitter,
    )


def _run_name(paths: tuple[Path, ...]) -> str:
    """The run is called after what was graded: `submissions/` → `submissions`, `ada.py` → `ada`."""
    found = (path.resolve() for path in paths)
    return "-".join(dict.fromkeys(path.name if path.is_dir() else path.stem for path in found))


def _refuse(request: Grading, folder: Path) -> None:
    """Reports in a class's folder would be somebody's work the next time; in a folder of one person's they do no harm.

    Nothing there is left out because of its name or of what is in it, both of which students may choose.
    """
    if request.fail_under is not None and math.isnan(request.fail_under):
        raise UsageError("--fail-under nan is no percentage", hint="give a number from 0 to 100")
    for path in request.paths:
        if path.is_dir() and not request.submitter and folder.resolve().is_relative_to(path.resolve()):
            raise UsageError(
                f"the reports would go to {folder}/, in {path}/, and be graded as somebody's work the next time",
                hint="name a folder outside of it with --report, or grade from another folder",
            )


def _fails(attempts: Iterable[Attempt], percent: float | None) -> bool:
    from torchgrade.writers.totals import totals

    if percent is None:
        return False
    return any(total.points * 100 < Fraction(str(percent)) * total.max_points for total in totals(attempts))
