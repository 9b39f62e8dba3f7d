"""The command that packs exercises for a platform which grades by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks
from torchgrade.cli.exits import DONE
from torchgrade.cli.options import exercises_option, lang_option
from torchgrade.errors import UsageError

if TYPE_CHECKING:
    from torchgrade.cli.course import Course

PLATFORMS = ("gradescope",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporting:
    """What `export` was asked."""

    platform: str
    exercises: Path | None
    assignment: Path | None
    ids: tuple[str, ...]
    into: Path
    wheel: Path | None
    seed: str | None
    lang: str
    isolation: str


@click.command(
    "export",
    cls=Command,
    examples=(
        "torchgrade export gradescope --into autograder.zip",
        "torchgrade export gradescope --assignment exercises/assignments/first-week.yaml --into autograder.zip",
    ),
)
@click.argument("platform", type=click.Choice(PLATFORMS))
@exercises_option
@click.option(
    "--assignment",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An assignment: its exercises, weights and policy.",
)
@click.option("--id", "ids", multiple=True, metavar="ID", help="This exercise only (repeat for several).")
@click.option(
    "--into", required=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="The archive."
)
@click.option(
    "--wheel",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="This wheel of torchgrade is installed there; else the release of this version.",
)
@click.option("--seed", help="Draws the hidden inputs there; else the one that draws them here.")
@lang_option
@click.option("--isolation", default="sandbox", show_default=True, help="process (not a sandbox), sandbox, namespaces.")
@asks(Exporting)
def export_command(request: Exporting) -> int:
    """Pack exercises for a platform that grades what is handed in there."""
    from torchgrade.authoring import gradescope
    from torchgrade.cli.author import counted
    from torchgrade.cli.course import course
    from torchgrade.cli.writing import replacing

    asked = course(request.exercises, request.ids, request.assignment, request.lang)
    if not asked.is_complete:
        raise UsageError(
            "nothing is written: some exercises have faults", hint="correct them, or name others with --id"
        )
    autograder = gradescope.Autograder(
        exercises=asked.exercises,
        assignment=asked.assignment,
        arguments=_arguments(request, asked),
        wheel=_wheel(request.wheel),
    )
    try:
        request.into.parent.mkdir(parents=True, exist_ok=True)
        with replacing(request.into) as stream:
            gradescope.write(autograder, stream)
    except OSError as error:
        raise UsageError(
            f"{request.into} cannot be written: {error.strerror}", hint="name another with --into"
        ) from error
    largest, gigabytes = gradescope.memory(asked.exercises)
    click.echo(f"wrote {request.into}: {counted(len(asked.exercises), 'exercise')}")
    click.echo(
        f"memory: give its container {gigabytes:g} GB or more (Gradescope's default is 0.75): "
        f"torchgrade takes 0.5, and {largest.id} may take {largest.limits.megabytes / 1024:g}"
    )
    return DONE


def _arguments(request: Exporting, asked: Course) -> tuple[str, ...]:
    """What is asked of `grade` there, one a line: the same inputs are drawn for everyone, and here."""
    from torchgrade.cli.course import seed_of
    from torchgrade.cli.isolation import refuse_unknown

    refuse_unknown(request.isolation)
    given = (f"--seed={seed_of(request.seed, asked)}", f"--lang={request.lang}", f"--isolation={request.isolation}")
    if any("\n" in argument for argument in given):
        raise UsageError("the seed has several lines", hint="give another with --seed")
    return given


def _wheel(path: Path | None) -> Path | None:
    if path is not None and not (path.name.startswith("torchgrade-") and path.suffix == ".whl"):
        raise UsageError(f"{path} is no wheel of torchgrade", hint="python -m pip wheel --no-deps . makes one")
    return path
