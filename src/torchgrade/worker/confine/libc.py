"""Calls that Python's own modules do not have, through libc; a failure is an OSError that says which it was."""

from __future__ import annotations

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long


def syscall(what: str, number: int, *arguments: int | bytes | None) -> int:
    """The system call of this number; bytes are passed by their address. `what` names it in an error."""
    return _checked(what, _LIBC.syscall(ctypes.c_long(number), *map(_word, arguments)))


def prctl(what: str, option: int, *arguments: int) -> int:
    """An operation on the calling process; `what` is the option's name."""
    words = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(f"prctl({what})", _LIBC.prctl(option, *map(ctypes.c_ulong, words)))


def call(name: str, *arguments: int | bytes | None) -> int:
    """A function of libc by its name, for system calls without a number that is the same on all machines."""
    return _checked(name, getattr(_LIBC, name)(*map(_word, arguments)))


def _word(argument: int | bytes | None) -> ctypes.c_long | ctypes.c_char_p | None:
    return ctypes.c_long(argument) if isinstance(argument, int) else ctypes.c_char_p(argument)


def _checked(what: str, result: int) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return int(result)
