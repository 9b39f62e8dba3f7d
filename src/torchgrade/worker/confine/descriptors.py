"""Descriptors: nothing of the zygote's is left open in a child."""

from __future__ import annotations

import fcntl
import os

DATA = 3
"""The descriptor of the data socket in a child; 0 is empty, 1 and 2 are its output pipe, and there is no other."""
_FREE = 100


def arrange(nothing: int, data: int, output: int) -> None:
    """Put the descriptors where `DATA` says; `nothing` is an open /dev/null."""
    # First out of each other's way: a plain dup2 could overwrite one that is still needed.
    spare = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _FREE) for number in (nothing, output, output, data)]
    for target, number in enumerate(spare):
        os.dup2(number, target, inheritable=False)
        os.close(number)


def close_others() -> None:
    """Keep the four."""
    os.closerange(DATA + 1, os.sysconf("SC_OPEN_MAX"))
