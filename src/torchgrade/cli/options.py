"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TypeVar

import click

from torchgrade.errors import UsageError
from torchgrade.model.said import LANGUAGES, said, speaks
from torchgrade.model.text import FALLBACK

_ONE_FILE = said("give a .py file or a notebook")
Callback = TypeVar("Callback", bound=Callable[..., object])


class OneFile(click.Path):
    """A file of a student's, who is told in our words and the language asked for if it cannot be had."""

    def convert(
        self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | PathLike[str]:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            path = Path(value)
            if path.is_dir():
                raise UsageError(said("{file} is a folder", file=str(path)), hint=_ONE_FILE) from None
            if not path.exists():
                raise UsageError(said("there is no file {file}", file=str(path)), hint=_ONE_FILE) from None
            raise


def exercises_option(command: Callback) -> Callback:
    """`--exercises DIR`, for every command that reads exercises."""
    return click.option(
        "--exercises",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="The folder of exercises; else ./exercises, else the bank that comes with torchgrade.",
    )(command)


def lang_option(command: Callback) -> Callback:
    """`--lang`, for every command that shows texts of exercises."""
    return click.option(
        "--lang",
        default=FALLBACK,
        show_default=True,
        callback=_lang,
        is_eager=True,
        help="The language of what students read: en, zh, or any that authors of exercises wrote.",
    )(command)


def _lang(context: click.Context, option: click.Parameter, value: str) -> str:
    """Authors may write in any language; whoever reads one that we do not speak hears English from us."""
    if not speaks(value):
        spoken = " and ".join(LANGUAGES)
        click.echo(
            f"--lang {value}: torchgrade itself speaks {spoken}; what authors did not write is English", err=True
        )
    return value


def format_option(command: Callback) -> Callback:
    """`--format`, for every command that writes reports."""
    return click.option(
        "--format",
        default="json,md",
        show_default=True,
        metavar="KIND,…",
        help="Any of json, md, html, csv, junit, terminal, github, gradescope, classroom50, ctrf.",
    )(command)


def audience_option(command: Callback) -> Callback:
    """`--audience`, for every command that writes reports."""
    return click.option(
        "--audience",
        type=click.Choice(["student", "staff"]),
        help="Who reports are for; else json and csv are for staff, and all others for students.",
    )(command)


def workers_options(command: Callback) -> Callback:
    """`--isolation`, `--executor` and `--jobs`, for every command that grades a class."""
    for option in (
        click.option(
            "--jobs", type=click.IntRange(1, 64), help="Submissions at a time; else one a processor, at most 8."
        ),
        click.option(
            "--executor",
            default="pool",
            show_default=True,
            metavar="KIND",
            help="pool, or dask:ADDRESS for other machines.",
        ),
        click.option(
            "--isolation", default="sandbox", show_default=True, help="process (not a sandbox), sandbox, namespaces."
        ),
    ):
        command = option(command)
    return command


def shard_option(command: Callback) -> Callback:
    """`--shard I/N`, for a class that several jobs grade."""
    return click.option(
        "--shard", callback=_shard, metavar="I/N", help="Grade the I-th of N parts of the class; `merge` joins reports."
    )(command)


def _shard(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, int] | None:
    if value is None:
        return None
    place, _, parts = value.partition("/")
    if place.isdecimal() and parts.isdecimal() and 1 <= int(place) <= int(parts):
        return int(place), int(parts)
    raise click.BadParameter(f"{value!r} is no part of a class; write I/N with 1 <= I <= N, as in 3/20")
