"""Which isolation a command gets: never less than it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from torchgrade.cli.command import did_you_mean
from torchgrade.errors import UsageError
from torchgrade.model.isolation import MEANING
from torchgrade.model.kinds import Sandbox
from torchgrade.model.said import said, translated
from torchgrade.model.text import FALLBACK
from torchgrade.sandbox import ISOLATIONS, strongest
from torchgrade.sandbox.selftest import verify
from torchgrade.sandbox.warmth import Warmth

PROCESS = "process"


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
def best(language: str = FALLBACK) -> Iterator[Sandbox]:
    """The best isolation there is here; says which."""
    with strongest() as sandbox:
        yield sandbox
        tell(sandbox, language)


def tell(sandbox: Sandbox, language: str = FALLBACK) -> None:
    """Say which isolation a student's own code has."""
    told = said("isolation: {meaning}", meaning=MEANING[sandbox.level])
    click.echo(translated(told, language), err=True)
