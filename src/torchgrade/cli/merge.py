"""The command that makes one report of those of parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from torchgrade.cli.command import Command, asks
from torchgrade.cli.exits import DONE
from torchgrade.cli.options import audience_option, format_option


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """What `merge` was asked."""

    parts: tuple[Path, ...]
    report: Path
    format: str
    audience: str | None


@click.command(
    "merge",
    cls=Command,
    examples=(
        "torchgrade merge reports/shard-* --report reports/class",
        "torchgrade merge a/report.json b/report.json --report both --format json,html",
    ),
)
@click.argument("parts", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--report", default="reports/merged", show_default=True, type=click.Path(path_type=Path), help="Where it goes."
)
@format_option
@audience_option
@asks(Merging)
def merge_command(request: Merging) -> int:
    """Make one report of those that `grade --shard` wrote: folders, or report.json files."""
    from torchgrade.cli import reports
    from torchgrade.cli.formats import writers
    from torchgrade.readers.report import Stored
    from torchgrade.session.merged import Merged

    asked = writers(request.format, request.audience)
    merged = Merged([Stored(reports.report_in(path)) for path in request.parts])
    header = merged.header
    with reports.noting(request.report) as note:
        for line in reports.measurement_lines(request.parts):
            note(line)
        reports.write(request.report, asked, header, merged)
    reports.show(request.report, asked, header, merged)
    return DONE
