"""Which isolation a command gets: never less than it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from torchgrade.cli.command import did_you_mean
from torchgrade.errors import UsageError
from torchgrade.model.kinds import Sandbox
from torchgrade.sandbox import ISOLATIONS, strongest
from torchgrade.sandbox.selftest import verify
from torchgrade.sandbox.warmth import Warmth

PROCESS = "process"
MEANING = {
    PROCESS: "process: not a sandbox, the code runs with your rights",
    "sandbox": "sandbox: no files, network, processes or answers within reach",
    "namespaces": "namespaces: the sandbox, in a world of its own",
}


def refuse_unknown(level: str) -> None:
    """Only what stands in the table is a level."""
    if level not in ISOLATIONS:
        raise UsageError(
            f"there is no isolation level {level!r}{did_you_mean(level, ISOLATIONS)}", hint=", ".join(ISOLATIONS)
        )


@contextmanager
def at_level(level: str, *, is_class: bool) -> Iterator[Sandbox]:
    """The isolation that was asked for, tried out, or a refusal; a class finds everything loaded."""
    refuse_unknown(level)
    with ISOLATIONS[level](Warmth.FULL if is_class else Warmth.LEAN) as sandbox:
        if level != PROCESS:
            verify(sandbox)
        yield sandbox


@contextmanager
def best() -> Iterator[Sandbox]:
    """The best isolation there is here; says which."""
    with strongest() as sandbox:
        yield sandbox
        click.echo(f"isolation: {MEANING[sandbox.level]}", err=True)
