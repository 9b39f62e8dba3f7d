"""`check --watch`: look again whenever the file is saved, until Ctrl-C.

The file's state is looked at a few times a second: that sees every way in which editors save, also those that write
another file and rename it, and needs no service of the system.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from torchgrade.errors import ExerciseError, UsageError
from torchgrade.model.said import said, translated
from torchgrade.writers.escape import line

if TYPE_CHECKING:
    from torchgrade.model.finding import Attempt

POLL_SECONDS = 0.15
RULE = 60
"""Columns of the line between two looks."""
State = tuple[int, int, int]
"""When a file was written, its size, and which file it is: a rename puts another in its place."""
Look = Callable[[], Sequence["Attempt"]]


def announce(file: Path, language: str) -> None:
    """What is going to happen, and how it ends."""
    told = said("watching {file}: it is checked whenever you save it, and Ctrl-C ends this", file=line(str(file)))
    click.echo(translated(told, language), err=True)


def watch(file: Path, look: Look, language: str) -> NoReturn:
    """Look at once, and after every save; what cannot be read yet, or no more, is told and waited for."""
    seen: State | None = None
    while True:
        seen = next_save(file, seen, partial(time.sleep, POLL_SECONDS))
        click.echo(f"── {time.strftime('%H:%M:%S')} ".ljust(RULE, "─"))
        _look(look, language)


def next_save(file: Path, seen: State | None, pause: Callable[[], None]) -> State:
    """Wait until the file is there, is another than was seen, and has stayed so for a pause: half of it is no save."""
    while True:
        state = _state(file)
        pause()
        if state is not None and state != seen and state == _state(file):
            return state


def _state(file: Path) -> State | None:
    try:
        about = file.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


def _look(look: Look, language: str) -> None:
    from torchgrade.cli.exits import after
    from torchgrade.cli.faults import show
    from torchgrade.model.refusal import refusal

    try:
        attempts = look()
    except ExerciseError as error:
        show(error.diagnostics)
    except UsageError as error:
        click.echo(refusal(error, language), err=True)
    else:
        click.echo(translated(_sum(attempts), language))
        after(attempts, gate_holds=True, language=language)


def _sum(attempts: Sequence[Attempt]) -> str:
    """What is left to do, in the last line: what stands above it may have gone out of sight."""
    from torchgrade.model.verdict import Verdict

    left = [attempt.exercise for attempt in attempts if attempt.verdict is not Verdict.ACCEPTED]
    if not left:
        return said("everything is accepted")
    done = {"count": len(attempts) - len(left), "total": len(attempts)}
    return said("{count} of {total} accepted; not yet: {exercises}", exercises=", ".join(left), **done)
