"""Whether what is printed may have colours."""

from __future__ import annotations

import sys

import click


def coloured() -> bool:
    """As `--color` and NO_COLOR say, else wherever a person reads along."""
    wanted = click.get_current_context().color
    return sys.stdout.isatty() if wanted is None else wanted
