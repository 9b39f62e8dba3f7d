"""The writers that a command line asks for: of which formats, and for whom."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

from torchgrade.cli.classroom50 import identity
from torchgrade.cli.command import did_you_mean
from torchgrade.errors import UsageError
from torchgrade.model.finding import Audience
from torchgrade.model.kinds import Writer
from torchgrade.writers import WRITERS
from torchgrade.writers.classroom50 import Classroom50

ALIASES = {"md": "markdown", "txt": "terminal"}


def writers(formats: str, audience: str | None = None) -> tuple[Writer, ...]:
    """The writers that `--format` and `--audience` name; without an audience each is for its own."""
    named = dict.fromkeys(ALIASES.get(word.strip(), word.strip()) for word in formats.split(",") if word.strip())
    if not named:
        raise UsageError("--format names no report format", hint=", ".join(WRITERS))
    return tuple(_ready(_for(_known(kind), audience)) for kind in named)


def _known(kind: str) -> Writer:
    if kind not in WRITERS:
        raise UsageError(f"there is no report format {kind!r}{did_you_mean(kind, WRITERS)}", hint=", ".join(WRITERS))
    return WRITERS[kind]


def _for(writer: Writer, audience: str | None) -> Writer:
    if audience is None:
        return writer
    if Audience(audience) not in writer.audiences:
        whose = {Audience.STAFF: "staff", Audience.STUDENT: "students"}[writer.audience]
        raise UsageError(
            f"the format {writer.kind} is for {whose} only",
            hint=f"leave {writer.kind} out of --format, or --audience, and each format has its own",
        )
    return replace(writer, audience=Audience(audience))  # type: ignore[type-var] # writers are dataclasses


def _ready(writer: Writer) -> Writer:
    """The writer with what it must know of where it runs."""
    if isinstance(writer, Classroom50):
        return replace(writer, identity=identity(os.environ, datetime.now(UTC)))
    return writer
