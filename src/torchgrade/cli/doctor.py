"""The command for anyone: what is installed here, and whether it grades."""

from __future__ import annotations

import platform
import re
from importlib.util import find_spec
from pathlib import Path

import click

from torchgrade.cli.bugreport import PACKAGES, installed
from torchgrade.cli.command import Command
from torchgrade.cli.exits import DONE, OUR_FAULT

CUDA = re.compile(r"^cuda[^=]*= *['\"]([0-9.]+)", re.MULTILINE)
EXERCISE = "autograd/cubic-minus-square"
RIGHT = "def cubic_minus_square(a, b):\n    return 3 * a**3 - b**2\n"
WRONG = "def cubic_minus_square(a, b):\n    return 3 * a**2 - b**2\n"


@click.command("doctor", cls=Command, examples=("torchgrade doctor",))
def doctor_command() -> int:
    """Tell what is installed and how submissions are confined; attack that, and try to grade."""
    from torchgrade.session import grade
    from torchgrade.store import bank

    click.echo(f"Python {platform.python_version()} on {platform.platform()}")
    for name in PACKAGES:
        click.echo(f"{name} {installed(name)}{_build() if name == 'torch' else ''}")
    root = bank.installed()
    exercise = root / f"{EXERCISE}.yaml"
    click.echo(f"exercises: {len(bank.ids(root))} in {root}")
    holds = _tell_isolation()
    right, wrong = grade(RIGHT, exercise), grade(WRONG, exercise)
    click.echo(f"self-test with {EXERCISE}: a right answer is {right.verdict}, a wrong one {wrong.verdict}")
    healthy = holds and right.points == right.max_points > wrong.points
    click.echo("all is well" if healthy else "this is our fault: please report it, with everything above")
    return DONE if healthy else OUR_FAULT


def _tell_isolation() -> bool:
    """Every level that is to be had, attacked; False if one does not keep its word."""
    from torchgrade.cli.isolation import PROCESS
    from torchgrade.errors import IsolationError
    from torchgrade.model.isolation import MEANING
    from torchgrade.sandbox import ISOLATIONS
    from torchgrade.sandbox.selftest import attacked

    holds = True
    for level, make in ISOLATIONS.items():
        try:
            with make() as sandbox:
                tried = attacked(sandbox)
        except IsolationError as refusal:
            click.echo(f"isolation {refusal.message}\n  {refusal.hint}")
            continue
        worked = [name for name, succeeded in tried.items() if succeeded]
        click.echo(f"isolation {MEANING[level]}")
        click.echo(f"  attacks by a real child: {len(tried)}; worked: {len(worked)}{_named(worked)}")
        holds = holds and (level == PROCESS or not worked)
    return holds


def _named(worked: list[str]) -> str:
    return f" ({', '.join(worked)})" if worked else ""


def _build() -> str:
    """Whether torch was built for CPUs or for CUDA: read off its files, because torch stays in the worker."""
    spec = find_spec("torch")
    version = Path(spec.origin).with_name("version.py") if spec and spec.origin else None
    match = CUDA.search(version.read_text(encoding="utf-8")) if version and version.is_file() else None
    return f" (CUDA {match.group(1)})" if match else " (CPU build)"
