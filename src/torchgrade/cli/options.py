"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

Callback = TypeVar("Callback", bound=Callable[..., object])


def exercises_option(command: Callback) -> Callback:
    """`--exercises DIR`, for every command that reads exercises."""
    return click.option(
        "--exercises",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="The folder of exercises; else ./exercises, else the bank that comes with torchgrade.",
    )(command)


def lang_option(command: Callback) -> Callback:
    """`--lang`, for every command that shows texts of exercises."""
    return click.option(
        "--lang", default="en", show_default=True, help="The language of what authors of exercises wrote."
    )(command)
