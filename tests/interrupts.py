"""Ctrl-C for processes that tests start, wherever the tests run."""

from __future__ import annotations

import signal


def heard() -> None:
    """As `preexec_fn`: what a shell starts in the background ignores SIGINT, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
