"""A bar on stderr, for people only."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from torchgrade.model.finding import Attempt


def followed(attempts: Iterable[Attempt], total: int) -> Iterator[Attempt]:
    """The attempts as they come; a bar grows beside them where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield from attempts
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(attempts, "grading", total=total, console=Console(stderr=True), transient=True)
