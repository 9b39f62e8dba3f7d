"""Limits of the kernel on a process; because there is only ever one process, they are limits on the submission."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass

from torchgrade.worker.confine.descriptors import DATA

_MEGABYTE = 2**20
_LAST_SECOND = 1
_STAT = "/proc/self/stat"
_THREADS, _VIRTUAL_BYTES = 17, 20
"""Fields of proc_pid_stat(5) after the name, which may hold spaces and brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a child may use: memory beyond what torch took before it, seconds of processor time, open files.

    Of files, its own four descriptors are not counted.
    """

    megabytes: int
    cpu_seconds: int
    files: int


class Self:
    """What the zygote is before a fork, from a descriptor that stays good when /proc is out of sight."""

    def __init__(self) -> None:
        self._descriptor = os.open(_STAT, os.O_RDONLY | os.O_CLOEXEC)

    def threads(self) -> int:
        """How many there are: a fork takes only one along, and the locks of the others for ever."""
        return self._field(_THREADS)

    def virtual_bytes(self) -> int:
        """The address space in use, which each child begins with."""
        return self._field(_VIRTUAL_BYTES)

    def _field(self, index: int) -> int:
        return int(os.pread(self._descriptor, 4096, 0).rpartition(b")")[2].split()[index])


def impose(limits: Limits, taken: int) -> None:
    """No core file, no file that grows, no locked memory; `taken` is the address space in use, in bytes."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_MEMLOCK, 0)
    _lower(resource.RLIMIT_NOFILE, DATA + 1 + limits.files)
    _lower(resource.RLIMIT_AS, taken + limits.megabytes * _MEGABYTE)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, _LAST_SECOND)


def _lower(which: int, most: int, grace: int = 0) -> None:
    """At the hard limit of processor time, `grace` later, comes SIGKILL; at the soft one SIGXCPU, which tells why."""
    hard = resource.getrlimit(which)[1]
    last = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(which, (min(most, last), last))
