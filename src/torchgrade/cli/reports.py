"""Where the reports of a run go, and what is shown of them.

reports/<run>/report.json report.md …    each written under a temporary name, then renamed
reports/<run>/students/<name>.html       a page for each of a class
reports/<run>/measurements.jsonl         times and memory, which differ from run to run
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import IO

import click

from torchgrade.cli.actions import add_summary, harmless, in_actions
from torchgrade.cli.screen import coloured
from torchgrade.cli.writing import replacing, sweep, write_pages
from torchgrade.errors import ReportError
from torchgrade.model.finding import Attempt
from torchgrade.model.kinds import Pages, Writer
from torchgrade.model.report import Header
from torchgrade.model.task import Measurement
from torchgrade.readers.measurements import Measurements
from torchgrade.writers import WRITERS
from torchgrade.writers.fill.grade import listed
from torchgrade.writers.html import Html
from torchgrade.writers.terminal import summary

MEASUREMENTS = "measurements.jsonl"
REPORT = "report.json"


def report_in(path: Path) -> Path:
    """The report.json that a person means by its folder."""
    if not path.is_dir():
        return path
    if not (path / REPORT).exists():
        below = [str(each.parent) for each in sorted(path.glob(f"*/{REPORT}"))]
        raise ReportError(
            f"there is no {REPORT} in {path}/",
            hint=f"there is one in {listed(tuple(below))}" if below else "json must be among the formats of that run",
        )
    return path / REPORT


@contextmanager
def noting(folder: Path) -> Iterator[Callable[[str], None]]:
    """While a run goes on, its measurements gather beside its reports, line by line; there may be none."""
    with _told_where(folder), ExitStack() as stack:

        @cache
        def stream() -> IO[bytes]:
            folder.mkdir(parents=True, exist_ok=True)
            return stack.enter_context(replacing(folder / MEASUREMENTS))

        yield lambda line: _write_line(stream(), line)


def machine() -> str:
    """The first line of measurements: what they were taken on."""
    return json.dumps({"machine": platform.platform(), "processors": os.cpu_count()})


def line(measurement: Measurement) -> str:
    """A measurement as a line of JSON."""
    return json.dumps(asdict(measurement))


def measurement_lines(parts: Iterable[Path]) -> Iterator[str]:
    """Those of all parts, one after another; a part that has none is no fault."""
    for part in parts:
        path = report_in(part).with_name(MEASUREMENTS)
        if path.is_file():
            with path.open(encoding="utf-8", errors="replace") as stream:
                yield from (each.rstrip("\n") for each in stream)


def write(folder: Path, writers: tuple[Writer, ...], header: Header, attempts: Iterable[Attempt]) -> None:
    """Write the reports asked for into `folder`; those of an earlier run that were not asked for are removed.

    Only what is called `report` is: a `result.json` may be somebody else's.
    """
    add(folder, writers, header, attempts)
    asked = {writer.kind for writer in writers}
    with _told_where(folder):
        for writer in (writer for kind, writer in WRITERS.items() if kind not in asked):
            if Path(writer.filename).stem == Path(REPORT).stem:
                (folder / writer.filename).unlink(missing_ok=True)
            if isinstance(writer, Pages):
                sweep(folder / writer.folder)


def add(
    folder: Path,
    writers: tuple[Writer, ...],
    header: Header,
    attempts: Iterable[Attempt],
    measured: Path | None = None,
) -> None:
    """Write the reports asked for beside those that are there; the measurements are in `measured`, or there too."""
    measurements = Measurements((measured or folder) / MEASUREMENTS)
    with _told_where(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for writer in (_timed(each, measurements) for each in writers):
            with replacing(folder / writer.filename) as stream:
                stream.writelines(writer.render(header, attempts))
            if isinstance(writer, Pages):
                write_pages(folder / writer.folder, writer.pages(header, attempts))


def _timed(writer: Writer, measurements: Measurements) -> Writer:
    """The writer with the measurements of the run, if it tells of them."""
    return replace(writer, measurements=measurements) if isinstance(writer, Html) else writer


def show(folder: Path, writers: tuple[Writer, ...], header: Header, attempts: Iterable[Attempt]) -> None:
    """The table of the run, and where to read more; annotations and a summary where GitHub Actions runs us.

    A log is read by its student, whoever the reports are for.
    """
    with harmless():
        click.echo(summary(attempts, colour=coloured(), language=header.language), nl=False)
    if in_actions():
        for chunk in WRITERS["github"].render(header, attempts):
            click.echo(chunk, nl=False)
        add_summary(WRITERS["markdown"].render(header, attempts))
    click.echo()
    tell(folder, writers)


def tell(folder: Path, writers: tuple[Writer, ...]) -> None:
    """Where to read more."""
    names = ", ".join(writer.filename for writer in writers)
    click.echo(f"reports: {folder}/ ({names})")


@contextmanager
def _told_where(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportError(
            f"{error.filename or folder} cannot be written: {error.strerror}", hint="name another folder with --report"
        ) from error


def _write_line(stream: IO[bytes], line: str) -> None:
    stream.write(f"{line}\n".encode())
