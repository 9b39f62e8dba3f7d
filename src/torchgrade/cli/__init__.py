"""The command line: which commands there are, and the one place that catches.

Exit codes: 0 the command did its work, 1 a gate failed, 2 usage or a refusal, 3 our fault, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from torchgrade.cli.command import Commands
from torchgrade.cli.exits import DONE, INTERRUPTED, OUR_FAULT, REFUSED
from torchgrade.errors import ExerciseError, IsolationError, ReportError, StoreError, UsageError


@click.command(
    cls=Commands,
    sections={
        "Students": {"list": "learn", "start": "learn", "check": "check", "hint": "learn", "explain": "learn"},
        "Instructors": {
            "grade": "grade",
            "merge": "merge",
            "render": "render",
            "regrade": "regrade",
            "gradebook": "gradebook",
            "export": "export",
            "store": "store",
        },
        "Authors": {
            "init": "init",
            "new": "author",
            "validate": "author",
            "prove": "prove",
            "bundle": "author",
            "schema": "author",
        },
        "Anyone": {"doctor": "doctor"},
    },
    examples=(
        "torchgrade start autograd/cubic-minus-square   # write a file to fill in",
        "torchgrade check cubic_minus_square.py         # what is right, and what is wrong with the rest",
        "torchgrade grade submissions/                 # grade a class and write its reports",
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(None, "-V", "--version", package_name="torchgrade")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours; NO_COLOR is heard."
)
@click.pass_context
def torchgrade(context: click.Context, color: str) -> None:
    """Grades PyTorch exercises: values, gradients, Jacobians and Hessians, against exact references."""
    import os

    if color == "auto":
        wanted = False if os.environ.get("NO_COLOR") else True if os.environ.get("FORCE_COLOR") else None
    else:
        wanted = color == "always"
    context.color = wanted


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code is returned, and nothing is raised."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return int(torchgrade.main(given, prog_name="torchgrade", standalone_mode=False) or DONE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return REFUSED
    except ExerciseError as error:
        from torchgrade.cli.faults import show

        show(error.diagnostics)
        return REFUSED
    except (UsageError, IsolationError, ReportError, StoreError) as error:
        from torchgrade.model.refusal import refusal
        from torchgrade.writers.escape import screen  # names of files are students'

        click.echo(screen(f"torchgrade: {refusal(error, error.language)}"), err=True)
        return REFUSED
    except Exception as error:  # noqa: BLE001 - whatever else gets here is our fault, and says so.
        from torchgrade.cli.bugreport import bug_report
        from torchgrade.writers.escape import screen

        click.echo(screen(bug_report(error, given)), err=True)
        return OUR_FAULT
