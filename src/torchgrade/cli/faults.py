"""The faults of exercise files, as an author sees them."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.excerpt import render


def show(diagnostics: Iterable[Diagnostic], *, err: bool = True) -> None:
    """Every fault with its line and a caret under it; annotations as well where GitHub Actions runs us."""
    faults = tuple(diagnostics)
    for fault in faults:
        click.echo(render(fault) + "\n", err=err)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        from torchgrade.writers.github import of_diagnostics

        click.echo("\n".join(of_diagnostics(faults)))
