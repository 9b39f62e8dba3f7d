"""`init`: the beginning of a course."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from torchgrade.cli.command import Command, asks
from torchgrade.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """What `init` was asked."""

    directory: Path


@click.command("init", cls=Command, examples=("torchgrade init my-course",))
@click.argument("directory", type=click.Path(path_type=Path))
@asks(Init)
def init_command(request: Init) -> int:
    """Write a small course that works at once."""
    from torchgrade.authoring.course import files

    made = files()
    _refuse_to_overwrite(request.directory, made)
    for name, text in made.items():
        path = request.directory / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}", hint="name another folder") from None
        click.echo(f"wrote {path}")
    click.echo(f"its README.md has the commands to run: cd {request.directory} && torchgrade prove")
    return 0


def _refuse_to_overwrite(directory: Path, names: Iterable[str]) -> None:
    """Before anything is written: what is there stays, and so do links, wherever they lead."""
    for name in names:
        path = directory / name
        above = [each for each in (path.parent, *path.parent.parents) if os.path.lexists(each) and not each.is_dir()]
        if above:
            raise UsageError(f"{above[0]} is no folder", hint="name a new folder")
        if os.path.lexists(path):
            raise UsageError(f"{path} exists already, and nothing was written", hint="name a new folder")
