"""A session of its own, which ends when the zygote does."""

from __future__ import annotations

import os
import signal

from torchgrade.worker.confine import libc

_PARENT_DEATH_SIGNAL = 1


def lead() -> None:
    """Leave the terminal and the process group of the grader."""
    os.setsid()


def die_with(zygote: int) -> None:
    """Be killed when the zygote ends, however it ends; `zygote` is what getppid says as long as it lives."""
    libc.prctl("PR_SET_PDEATHSIG", _PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != zygote:
        os._exit(0)
