"""What a child asks of the kernel: a session of its own, few descriptors, limits, and to die with its zygote."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
from pathlib import Path

DATA = 3
"""The descriptor of the data socket in a child; 0 is empty, 1 and 2 are its output pipe, and there is no other."""
_FREE = 100
_PR_SET_PDEATHSIG = 1
_MEGABYTE = 2**20
_LIBC = ctypes.CDLL(None, use_errno=True)


def detach(zygote: int) -> None:
    """Lead a session of one's own, and die when the zygote does, however it ends."""
    os.setsid()
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != zygote:
        os._exit(0)


def keep_only(data: int, output: int) -> None:
    """Rearrange the descriptors as `DATA` says and close all others."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    # First out of each other's way: a plain dup2 could overwrite one that is still needed.
    spare = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _FREE) for number in (nothing, output, output, data)]
    for target, number in enumerate(spare):
        os.dup2(number, target, inheritable=False)
    os.closerange(DATA + 1, os.sysconf("SC_OPEN_MAX"))


def limit(megabytes: int, seconds: int) -> None:
    """No core file; so much memory beyond what torch has taken already; processor time as a backstop."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_AS, _mapped() + megabytes * _MEGABYTE)
    _lower(resource.RLIMIT_CPU, seconds)


def _mapped() -> int:
    """The address space in use, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def _lower(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (allowed, allowed))
