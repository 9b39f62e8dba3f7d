"""The command for instructors: grade a class and write its reports."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks, did_you_mean
from torchgrade.cli.options import exercises_option, lang_option
from torchgrade.errors import ExerciseError, UsageError
from torchgrade.store import bank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torchgrade.model.exercise import Exercise
    from torchgrade.model.finding import Attempt
    from torchgrade.model.submission import Submission

MOST_JOBS = 8
"""Unless the command line says more: each may take the memory that its exercise allows."""
A_FEW = 10
"""So many submissions have torch's late modules loaded as they ask for them; for more, all are loaded at the start."""
ALIASES = {"md": "markdown", "txt": "terminal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """What `grade` was asked."""

    paths: tuple[Path, ...]
    exercises: Path | None
    ids: tuple[str, ...]
    report: Path | None
    format: str
    seed: str | None
    fail_under: float | None
    isolation: str
    jobs: int | None
    only: tuple[str, ...]
    lang: str


@click.command(
    "grade",
    cls=Command,
    examples=(
        "torchgrade grade submissions/",
        "torchgrade grade submissions/ --id linalg/solve --only alice",
        "torchgrade grade answers.py --format json,junit --report out --fail-under 60",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@exercises_option
@click.option("--id", "ids", multiple=True, metavar="ID", help="Grade this exercise only (repeat for several).")
@click.option("--only", multiple=True, metavar="SUBMITTER", help="Grade this submitter only (repeat for several).")
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), help="Where reports go: reports/<name>.")
@click.option("--format", default="json,md", show_default=True, help="json, md, junit, terminal, github.")
@click.option("--seed", help="Draws the hidden inputs; else one that was drawn for you once and is kept.")
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail if anyone earns less.")
@lang_option
@click.option("--isolation", default="sandbox", show_default=True, help="process (not a sandbox), sandbox, namespaces.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Submissions at a time; else one a processor, at most 8.")
@asks(Grading)
def grade_command(request: Grading) -> int:
    """Grade files or folders of submissions, and write reports."""
    from torchgrade.cli import reports
    from torchgrade.cli.exits import after
    from torchgrade.cli.isolation import at_level
    from torchgrade.cli.progress import followed
    from torchgrade.session import Session, header

    kinds = _kinds(request.format)
    exercises, is_complete = _exercises(request)
    submissions = _submissions(request)
    with at_level(request.isolation, is_class=len(submissions) > A_FEW) as sandbox:
        seed = request.seed or _kept_seed()
        found = Session(sandbox, seed).attempts(submissions, exercises)
        attempts = tuple(followed(_settled(found), len(submissions) * len(exercises)))
        told = header(sandbox.level, seed)
    folder = request.report or Path("reports") / _run_name(request.paths)
    reports.write(folder, kinds, told, attempts)
    reports.show(folder, kinds, told, attempts)
    return after(attempts, gate_holds=not _fails(attempts, request.fail_under), is_complete=is_complete)


def _settled(attempts: Iterator[Attempt]) -> Iterator[Attempt]:
    """Exercises are resolved and stay: the collector of garbage need not go through them with every submission."""
    for number, attempt in enumerate(attempts):
        if number == 0:
            gc.freeze()
        yield attempt


def _exercises(request: Grading) -> tuple[tuple[Exercise, ...], bool]:
    """The exercises to grade, and whether they are all: of a whole bank, what has faults is shown and left out."""
    from torchgrade.cli.faults import show
    from torchgrade.spec.language import spoken

    root = bank.folder(request.exercises)
    exercises, faults = bank.sound(root, bank.named(root, request.ids) or bank.ids(root))
    if faults and (request.ids or not exercises):
        raise ExerciseError(faults)
    show(faults)
    return tuple(spoken(exercise, request.lang) for exercise in exercises), not faults


def _kinds(formats: str) -> tuple[str, ...]:
    from torchgrade.writers import WRITERS

    kinds = tuple(ALIASES.get(word.strip(), word.strip()) for word in formats.split(",") if word.strip())
    if not kinds:
        raise UsageError("--format names no report format", hint=", ".join(WRITERS))
    for kind in kinds:
        if kind not in WRITERS:
            raise UsageError(
                f"there is no report format {kind!r}{did_you_mean(kind, WRITERS)}", hint=", ".join(WRITERS)
            )
    return kinds


def _submissions(request: Grading) -> tuple[Submission, ...]:
    from torchgrade.readers import read

    submissions = tuple(submission for path in request.paths for submission in read(path))
    found: dict[str, str] = {}
    for submission in submissions:
        if submission.submitter in found:
            raise UsageError(
                f"two submissions are {submission.submitter}'s: {found[submission.submitter]} and {submission.path}",
                hint="rename one of them",
            )
        found[submission.submitter] = submission.path
    for name in request.only:
        if name not in found:
            raise UsageError(f"there is no submission of {name!r}{did_you_mean(name, found)}", hint=", ".join(found))
    if not submissions:
        raise UsageError(f"there are no submissions in {', '.join(map(str, request.paths))}")
    return tuple(each for each in submissions if not request.only or each.submitter in request.only)


def _kept_seed() -> str:
    from torchgrade.store.seed import seed, state_folder

    return seed(state_folder(os.environ))


def _run_name(paths: tuple[Path, ...]) -> str:
    """The run is called after what was graded: `submissions/` → `submissions`."""
    return "-".join(dict.fromkeys(path.resolve().stem for path in paths))


def _fails(attempts: tuple[Attempt, ...], percent: float | None) -> bool:
    from torchgrade.writers.totals import totals

    if percent is None:
        return False
    return any(total.points * 100 < Fraction(str(percent)) * total.max_points for total in totals(attempts))
