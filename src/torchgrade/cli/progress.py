"""How far a run is, on stderr: a bar with its rate and the time left for people, a line now and then for a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

Item = TypeVar("Item")
SECONDS = 30.0
"""Between two lines in a log."""


def followed(items: Iterable[Item], total: int) -> Iterator[Item]:
    """The items as they come."""
    return _with_a_bar(items, total) if sys.stderr.isatty() else _with_lines(items, total)


def _with_a_bar(items: Iterable[Item], total: int) -> Iterator[Item]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar, start = progress.add_task("", total=total, rate=""), time.monotonic()
        for done, item in enumerate(items, 1):
            progress.update(bar, advance=1, rate=f"{done / max(time.monotonic() - start, 1e-3):.1f}/s")
            yield item


def _with_lines(items: Iterable[Item], total: int) -> Iterator[Item]:
    start = told = time.monotonic()
    for done, item in enumerate(items, 1):
        now = time.monotonic()
        if now - told >= SECONDS:
            told = now
            click.echo(line(done, total, now - start), err=True)
        yield item


def line(done: int, total: int, seconds: float) -> str:
    """`graded 120 of 300, 4.0 a second, 45 s left`."""
    rate = done / max(seconds, 1e-3)
    return f"graded {done} of {total}, {rate:.1f} a second, {(total - done) / rate:.0f} s left"
