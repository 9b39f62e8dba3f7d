"""The faults of exercise files, as an author sees them."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from torchgrade.errors import TorchgradeError
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.said import said, translated
from torchgrade.spec.excerpt import render


def refusal(error: TorchgradeError, language: str) -> str:
    """What is refused and what to do about it, in as much of a language as it is said in."""
    message = translated(error.message, language)
    if not error.hint:
        return message
    return f"{message}\n{translated(said('hint: {hint}', hint=error.hint), language)}"


def show(diagnostics: Iterable[Diagnostic], *, err: bool = True) -> None:
    """Every fault with its line and a caret under it; annotations as well where GitHub Actions runs us."""
    faults = tuple(diagnostics)
    for fault in faults:
        click.echo(render(fault) + "\n", err=err)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        from torchgrade.writers.github import of_diagnostics

        click.echo("\n".join(of_diagnostics(faults)))
