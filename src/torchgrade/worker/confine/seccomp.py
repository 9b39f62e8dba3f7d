"""Seccomp: a filter that lets one process with threads compute, read and answer, and refuses every other system call.

The filter is a program for the kernel's BPF machine (Documentation/userspace-api/seccomp_filter.rst), made once by the
zygote; each child sets its own process number into it and loads it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Mapping, Sequence

from torchgrade.worker.confine import libc
from torchgrade.worker.confine.syscalls import ALLOWED, CLONE3

ALLOW = 0x7FFF0000
KILL = 0x80000000
_ERRNO = 0x00050000

_LOAD = 0x20
_EQUAL = 0x15
_AT_LEAST = 0x35
_ANY_BIT = 0x45
_RETURN = 0x06
_INSTRUCTION = struct.Struct("=HBBI")
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Offsets in `struct seccomp_data`; both machines are little-endian."""
_X32 = 0x40000000
"""Numbers from here on are calls of x86-64's other interface, with which a filter for the first could be evaded."""

MACHINES: Mapping[str, tuple[int, int, int]] = {
    "x86_64": (0, 0xC000003E, 317),
    "aarch64": (1, 0xC00000B7, 277),
}
"""By machine: its column in the table of calls, its AUDIT_ARCH word, and the number of seccomp itself."""
_SET_MODE_FILTER = 1
_GET_ACTION_AVAILABLE = 2

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | (os.O_TMPFILE & ~os.O_DIRECTORY)
_CLONE_THREAD = 0x00010000
_CLONE_NEW = 0x7E020000
_DUPLICATE_OR_LOOK = (0, 1, 2, 3, 1030)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC: no locks, leases or signals."""
_TERMINAL_OR_CLOSE = (0x5401, 0x5450, 0x5451)
"""TCGETS (is it a terminal?), FIONCLEX, FIOCLEX."""
_CLOCK_OF_ANOTHER = 1 << 31
"""Numbers of clocks below zero: the processor time of any process, which nobody is asked for a right to read."""

Instruction = tuple[int, int, int, int]


def check() -> None:
    """Raises OSError if the kernel has no filters, or none that can end a process (Linux 4.14)."""
    number = MACHINES[os.uname().machine][2]
    libc.syscall("seccomp", number, _GET_ACTION_AVAILABLE, 0, struct.pack("=I", KILL))


class Program:
    """The filter, without the number of the process that it is for.

    Raises OSError (ENOSYS) for a machine of which there is no table of calls.
    """

    def __init__(self, machine: str | None = None) -> None:
        machine = machine or os.uname().machine
        if machine not in MACHINES:
            raise OSError(errno.ENOSYS, f"no table of system calls for {machine}")
        self._column, self._architecture, self._number = MACHINES[machine]
        self._code = b"".join(_INSTRUCTION.pack(*each) for each in self._instructions(0))
        probe = b"".join(_INSTRUCTION.pack(*each) for each in self._instructions(0xFFFFFFFF))
        self._place = next(
            place for place, pair in enumerate(zip(self._code, probe, strict=True)) if pair[0] != pair[1]
        )

    def code(self, pid: int) -> bytes:
        """The program for the process `pid`, as the kernel reads it."""
        return self._code[: self._place] + struct.pack("=I", pid) + self._code[self._place + 4 :]

    def load(self, pid: int) -> None:
        """Put the calling thread, and all it will start, behind the filter for good; needs no_new_privs."""
        code = ctypes.create_string_buffer(self.code(pid))
        program = struct.pack("@HP", len(self._code) // _INSTRUCTION.size, ctypes.addressof(code))
        libc.syscall("seccomp", self._number, _SET_MODE_FILTER, 0, program)

    def _instructions(self, pid: int) -> list[Instruction]:
        program = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, self._architecture), _give(KILL)]
        program.append((_LOAD, 0, 0, _NUMBER))
        if self._column == 0:
            program += [(_AT_LEAST, 0, 1, _X32), _give(KILL)]
        guards = _guards(pid)
        for name, numbers in ALLOWED.items():
            number = numbers[self._column]
            if number is not None:
                body = guards.get(name, [_give(ALLOW)])
                program += [(_EQUAL, 0, len(body), number), *body]
        return [*program, (_EQUAL, 0, 1, CLONE3), _refuse(errno.ENOSYS), _refuse(errno.EPERM)]


def _guards(pid: int) -> Mapping[str, Sequence[Instruction]]:
    """The calls whose arguments decide."""
    return {
        "open": _without(1, _WRITING, errno.EROFS),
        "openat": _without(2, _WRITING, errno.EROFS),
        "clone": [*_without(0, _CLONE_NEW, errno.EPERM)[:-1], *_with(0, _CLONE_THREAD)],
        "fcntl": _one_of(1, _DUPLICATE_OR_LOOK),
        "ioctl": _one_of(1, _TERMINAL_OR_CLOSE),
        "tgkill": _one_of(0, (pid,)),
        "prlimit64": _zeros(_low(0), _low(2), _high(2)),
        **dict.fromkeys(("getpgid", "getsid"), _one_of(0, (0,))),
        **dict.fromkeys(
            ("clock_gettime", "clock_getres", "clock_nanosleep"), _without(0, _CLOCK_OF_ANOTHER, errno.EINVAL)
        ),
    }


def _low(argument: int) -> int:
    return _ARGUMENTS + 8 * argument


def _high(argument: int) -> int:
    return _low(argument) + 4


def _give(result: int) -> Instruction:
    return _RETURN, 0, 0, result


def _refuse(number: int) -> Instruction:
    return _give(_ERRNO | number)


def _without(argument: int, bits: int, number: int) -> list[Instruction]:
    """Allowed if the argument has none of the bits."""
    return [(_LOAD, 0, 0, _low(argument)), (_ANY_BIT, 0, 1, bits), _refuse(number), _give(ALLOW)]


def _with(argument: int, bit: int) -> list[Instruction]:
    """Allowed if the argument has the bit."""
    return [(_LOAD, 0, 0, _low(argument)), (_ANY_BIT, 1, 0, bit), _refuse(errno.EPERM), _give(ALLOW)]


def _one_of(argument: int, values: Iterable[int]) -> list[Instruction]:
    """Allowed if the argument's lower half is one of the values."""
    tests = [each for value in values for each in ((_EQUAL, 0, 1, value), _give(ALLOW))]
    return [(_LOAD, 0, 0, _low(argument)), *tests, _refuse(errno.EPERM)]


def _zeros(*offsets: int) -> list[Instruction]:
    """Allowed if all these words are zero."""
    tests = [each for offset in offsets for each in ((_LOAD, 0, 0, offset), (_EQUAL, 1, 0, 0), _refuse(errno.EPERM))]
    return [*tests, _give(ALLOW)]
