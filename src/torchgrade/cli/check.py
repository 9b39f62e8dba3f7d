"""The command for students: check one file, once or whenever it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks, did_you_mean
from torchgrade.cli.options import OneFile, exercises_option, lang_option
from torchgrade.errors import UsageError
from torchgrade.model.said import said, translated
from torchgrade.store import bank

if TYPE_CHECKING:
    from torchgrade.model.exercise import Exercise
    from torchgrade.model.finding import Attempt
    from torchgrade.model.probe import Source
    from torchgrade.model.submission import Submission
    from torchgrade.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What `check` was asked."""

    exercises: Path | None
    file: Path
    ids: tuple[str, ...]
    lang: str
    watch: bool


@click.command(
    "check",
    cls=Command,
    examples=(
        "torchgrade check answers.py",
        "torchgrade check answers.py linalg/solve",
        "torchgrade check answers.py --watch    # again whenever you save it",
    ),
)
@exercises_option
@click.argument("file", type=OneFile(path_type=Path, exists=True, dir_okay=False))
@click.argument("ids", nargs=-1)
@lang_option
@click.option("--watch", is_flag=True, help="Check again whenever the file is saved, until Ctrl-C.")
@asks(Checking)
def check_command(request: Checking) -> int:
    """Check your own file: all its exercises, or those you name."""
    from torchgrade.cli.exits import after
    from torchgrade.cli.isolation import best
    from torchgrade.model.verdict import Verdict
    from torchgrade.session import Session

    root = bank.folder(request.exercises)
    named = bank.named(root, request.ids)
    if request.watch:
        return _watched(request, root, named)
    asked = _asked(request, root, named)
    with best(request.lang) as sandbox:
        attempts = tuple(_graded(Session(sandbox), *asked, request.lang))
    holds = all(attempt.verdict is Verdict.ACCEPTED for attempt in attempts)
    return after(attempts, gate_holds=holds, language=request.lang)


def _watched(request: Checking, root: Path, named: tuple[str, ...]) -> int:
    """In one warm session, in which every exercise is resolved once."""
    from torchgrade.cli.isolation import best, tell
    from torchgrade.cli.watch import announce, watch
    from torchgrade.session import Session

    def look() -> tuple[Attempt, ...]:
        return tuple(_graded(session, *_asked(request, root, named), request.lang))

    announce(request.file, request.lang)
    with best(request.lang) as sandbox:
        tell(sandbox, request.lang)
        session = Session(sandbox)
        watch(request.file, look, request.lang)


def _asked(request: Checking, root: Path, named: tuple[str, ...]) -> tuple[Submission, tuple[Exercise, ...]]:
    """What is in the file, and the exercises that were named or that it answers."""
    from torchgrade.readers import read_one
    from torchgrade.spec.language import spoken

    submission = read_one(request.file)
    if submission.problem:
        raise UsageError(f"{request.file}: {translated(submission.problem.message, request.lang)}")
    names = named or _answered(root, request, submission.source)
    return submission, tuple(spoken(exercise, request.lang) for exercise in bank.load(root, names))


def _graded(
    session: Session, submission: Submission, exercises: tuple[Exercise, ...], language: str
) -> Iterator[Attempt]:
    """The attempts, each shown as soon as it is there."""
    for attempt in session.attempts((submission,), exercises):
        _show(attempt, language)
        yield attempt


def _show(attempt: Attempt, language: str) -> None:
    from torchgrade.cli.actions import harmless
    from torchgrade.cli.screen import coloured
    from torchgrade.writers.terminal import details

    with harmless():
        click.echo(details(attempt, colour=coloured(), language=language), nl=False)


def _answered(root: Path, request: Checking, source: Source) -> tuple[str, ...]:
    from torchgrade.readers.definitions import answered, names_of

    entrypoints, names = bank.entrypoints(root), names_of(source)
    found = answered(names, entrypoints)
    if not found:
        near = next(filter(None, (did_you_mean(name, entrypoints.values()) for name in sorted(names))), "")
        place = {"file": str(request.file), "place": str(root)}
        raise UsageError(
            said("{file} defines no function of an exercise in {place}{near}", near=near, **place),
            hint=said("torchgrade list shows the functions to write"),
        )
    _misnamed(source.text, frozenset(entrypoints.values()), names, request.lang)
    return found


def _misnamed(text: str, wanted: frozenset[str], names: frozenset[str], language: str) -> None:
    """A function that is nearly an exercise's would not be graded, and nobody would see it."""
    from torchgrade.readers.definitions import DEFINITION

    for name in dict.fromkeys(DEFINITION.findall(text)):
        near = did_you_mean(name, sorted(wanted - names))
        if near and name not in wanted:
            told = said("no exercise asks for {name}{near}", name=repr(name), near=near)
            click.echo(translated(told, language), err=True)
