"""A process looked at from outside, while it works: its processor time, memory and threads."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path

_THREADS = 17
"""The field of proc_pid_stat(5) after the name, which may hold spaces and brackets."""

_PEAK = re.compile(rb"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_KILOBYTE = 1024


class Watch:
    """By the handle of a process. Where /proc does not show it, all figures are 0, and the kernel's limits remain."""

    def __init__(self, handle: int) -> None:
        self._pid = _number(handle)

    def cpu_seconds(self) -> float:
        """What all its threads have used so far."""
        if self._pid > 0:
            with suppress(OSError):  # it is dead and reaped
                return time.clock_gettime((~self._pid << 3) | 2)  # its CPU clock: clock_getcpuclockid(3)
        return 0.0

    def peak_bytes(self) -> int:
        """The most memory that it had at any time."""
        if self._pid > 0:
            with suppress(OSError):
                found = _PEAK.search(Path(f"/proc/{self._pid}/status").read_bytes())
                return int(found[1]) * _KILOBYTE if found else 0  # a dead one has none
        return 0

    def threads(self) -> int:
        """How many there are now."""
        if self._pid > 0:
            with suppress(OSError):
                return int(Path(f"/proc/{self._pid}/stat").read_bytes().rpartition(b")")[2].split()[_THREADS])
        return 0


def _number(handle: int) -> int:
    """What /proc calls the process here: to its zygote, in a world of its own, it may be another number."""
    with suppress(OSError, ValueError):
        lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("Pid:")), 0)
    return 0
