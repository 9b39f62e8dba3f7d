"""Where the reports of a run go, and what is shown of them.

reports/<run>/report.json report.md …    each written under a temporary name, then renamed
reports/<run>/measurements.jsonl         times and memory, which differ from run to run
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from torchgrade.cli.actions import add_summary, harmless, in_actions
from torchgrade.cli.screen import coloured
from torchgrade.errors import ReportError
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header
from torchgrade.writers import WRITERS
from torchgrade.writers.terminal import summary

MEASUREMENTS = "measurements.jsonl"


def write(folder: Path, kinds: tuple[str, ...], header: Header, attempts: Iterable[Attempt]) -> None:
    """Write the reports asked for into `folder`; those of an earlier run that were not asked for are removed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, writer in WRITERS.items():
            if kind in kinds:
                _replace(folder / writer.filename, writer.render(header, attempts))
            else:
                (folder / writer.filename).unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(
            f"{error.filename or folder} cannot be written: {error.strerror}", hint="name another folder with --report"
        ) from error


def show(folder: Path, kinds: tuple[str, ...], header: Header, attempts: Iterable[Attempt]) -> None:
    """The table of the run, and where to read more; annotations and a summary where GitHub Actions runs us."""
    with harmless():
        click.echo(summary(attempts, colour=coloured()), nl=False)
    if in_actions():
        for chunk in WRITERS["github"].render(header, attempts):
            click.echo(chunk, nl=False)
        add_summary(b"".join(WRITERS["markdown"].render(header, attempts)))
    names = ", ".join(WRITERS[kind].filename for kind in kinds)
    click.echo(f"\nreports: {folder}/ ({names})")


def _replace(path: Path, content: Iterator[bytes]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as stream:
            stream.writelines(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
