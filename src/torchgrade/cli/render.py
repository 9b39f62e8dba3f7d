"""The command that writes a report once more, in other formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from torchgrade.cli.command import Command, asks
from torchgrade.cli.exits import DONE
from torchgrade.cli.options import audience_option, format_option


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What `render` was asked."""

    report: Path
    into: Path | None
    format: str
    audience: str | None


@click.command(
    "render",
    cls=Command,
    examples=(
        "torchgrade render reports/homework --format html,csv",
        "torchgrade render report.json --format junit --into ci",
        "torchgrade render reports/homework --format html --audience staff",
    ),
)
@click.argument("report", type=click.Path(path_type=Path, exists=True))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Where they go; else beside the report.")
@format_option
@audience_option
@asks(Rendering)
def render_command(request: Rendering) -> int:
    """Write a stored report in other formats; nothing is graded again."""
    from torchgrade.cli import reports
    from torchgrade.cli.formats import writers
    from torchgrade.readers.report import Stored

    asked = writers(request.format, request.audience)
    stored = Stored(reports.report_in(request.report))
    folder = request.into or stored.path.parent
    reports.add(folder, asked, stored.header, stored, measured=stored.path.parent)
    reports.tell(folder, asked)
    return DONE
