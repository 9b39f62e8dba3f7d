"""What differs where GitHub Actions runs us: a line of the log can be a command to it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

SUMMARY_BYTES = 900_000


def in_actions() -> bool:
    """Whether GitHub Actions reads what we print."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


@contextmanager
def harmless() -> Iterator[None]:
    """While student text is printed, nothing in it is a command to GitHub Actions."""
    if not in_actions():
        yield
        return
    token = secrets.token_hex(16)
    click.echo(f"::stop-commands::{token}")
    try:
        yield
    finally:
        click.echo(f"::{token}::")


def add_summary(content: Iterable[bytes]) -> None:
    """Add Markdown to the summary of the step; what GitHub would refuse to show is cut off."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    kept = bytearray()
    for chunk in content:
        kept += chunk
        if len(kept) > SUMMARY_BYTES:
            break
    cut = kept[:SUMMARY_BYTES].decode("utf-8", "ignore")
    note = "\n\n(cut here; the whole report is in the reports folder)\n" if len(kept) > SUMMARY_BYTES else ""
    with Path(path).open("a", encoding="utf-8") as stream:
        stream.write(cut + note)
