"""Which isolation a command gets: never less than it asks for."""

from __future__ import annotations

import click

from torchgrade.errors import IsolationError
from torchgrade.model.kinds import Sandbox
from torchgrade.sandbox import ISOLATIONS

LEVELS = ("process", "sandbox", "namespaces")
MEANING = {
    "process": "process: not a sandbox, the code runs with your rights",
    "sandbox": "sandbox: no files, network, processes or answers within reach",
    "namespaces": "namespaces: the sandbox, in a world of its own",
}


def at_level(level: str) -> Sandbox:
    """The isolation that was asked for, or a refusal."""
    if level not in ISOLATIONS:
        raise IsolationError(
            f"isolation {level!r} is not to be had here; there is: {', '.join(ISOLATIONS)}",
            hint="only if you trust every submission: --isolation process (not a sandbox)",
        )
    return ISOLATIONS[level]()


def best_level() -> str:
    """The name of the best isolation there is here."""
    return next(level for level in reversed(LEVELS) if level in ISOLATIONS)


def best() -> Sandbox:
    """The best isolation there is here; says which."""
    click.echo(f"isolation: {MEANING[best_level()]}", err=True)
    return at_level(best_level())
