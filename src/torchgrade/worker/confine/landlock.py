"""Landlock: only files that are named can be read, and none changed; no TCP, no signals, no abstract sockets.

The rights are those of Documentation/userspace-api/landlock.rst. A kernel that knows fewer of them denies fewer: ABI 1
(Linux 5.13) is enough for files; what later ones add is also denied by the filter of system calls.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from torchgrade.worker.confine import libc

_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE = 1 << 2
_READ_FOLDER = 1 << 3
_FILE_RIGHTS = ((5, 16), (3, 15), (2, 14), (1, 13))
"""From which ABI on there are how many rights over files."""
_NETWORK = (4, 0b11)
_SCOPES = (6, 0b11)


def abi() -> int:
    """The kernel's version of Landlock. OSError: ENOSYS if it has none, EOPNOTSUPP if it was switched off at boot."""
    return libc.syscall("landlock_create_ruleset", _CREATE_RULESET, None, 0, _VERSION)


def ruleset(readable: Iterable[Path]) -> int:
    """A descriptor of rules that deny everything but to read these files and folders."""
    version = abi()
    rights = next(count for since, count in _FILE_RIGHTS if version >= since)
    handled = [(1 << rights) - 1]
    handled += [bits for since, bits in (_NETWORK, _SCOPES) if version >= since]
    attributes = struct.pack(f"={len(handled)}Q", *handled)
    rules = libc.syscall("landlock_create_ruleset", _CREATE_RULESET, attributes, len(attributes), 0)
    for path in readable:
        _allow(rules, path)
    return rules


def restrict(rules: int) -> None:
    """Put the calling thread behind the rules for good; needs no_new_privs."""
    libc.syscall("landlock_restrict_self", _RESTRICT_SELF, rules, 0)


def _allow(rules: int, path: Path) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | _READ_FOLDER if stat.S_ISDIR(os.fstat(descriptor).st_mode) else _READ_FILE
        rule = struct.pack("=Qi", rights, descriptor)
        libc.syscall("landlock_add_rule", _ADD_RULE, rules, _PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
