"""Capabilities: root's powers, which a child of a grader that runs as root would have too."""

from __future__ import annotations

import errno
import struct

from torchgrade.worker.confine import libc

_DROP_FROM_BOUNDING_SET = 24
_AMBIENT = 47
_CLEAR_ALL = 4
_NO_NEW_PRIVILEGES = 38
_VERSION_3 = 0x20080522
_NONE = bytes(24)
_MOST = 64


def drop() -> None:
    """Have none, and no way to have one again."""
    libc.prctl("PR_CAP_AMBIENT", _AMBIENT, _CLEAR_ALL)
    for capability in range(_MOST):
        try:
            libc.prctl("PR_CAPBSET_DROP", _DROP_FROM_BOUNDING_SET, capability)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EPERM):  # no such capability; or nobody's, who has none
                raise
            break
    libc.call("capset", struct.pack("=Ii", _VERSION_3, 0), _NONE)


def never_gain() -> None:
    """No program that is executed later gives privileges; Landlock and seccomp ask for this."""
    libc.prctl("PR_SET_NO_NEW_PRIVS", _NO_NEW_PRIVILEGES, 1)
