"""A layer that the kernel does not give: which, with the errno, and what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from torchgrade.errors import IsolationError
from torchgrade.model.isolation import Layer

_WEAKER = "or, only if you trust every submission: --isolation process (not a sandbox)"
_USER_NAMESPACES = (
    "user namespaces are switched off for you here (containers do so, and Ubuntu since 24.04: "
    "kernel.apparmor_restrict_unprivileged_userns); --isolation sandbox needs none"
)
_WHAT_TO_DO: Mapping[tuple[Layer, int], str] = {
    (Layer.LANDLOCK, errno.ENOSYS): "Landlock takes Linux 5.13 or later, built with CONFIG_SECURITY_LANDLOCK",
    (Layer.LANDLOCK, errno.EOPNOTSUPP): "Landlock was left out at boot: add landlock to the kernel's lsm= parameter",
    (
        Layer.LANDLOCK,
        errno.EPERM,
    ): "a container's own filter forbids Landlock: take a newer engine, or its seccomp profile",
    (Layer.SECCOMP, errno.ENOSYS): "seccomp filters take Linux 4.14 or later on x86-64 or aarch64",
    (Layer.NAMESPACES, errno.EPERM): _USER_NAMESPACES,
    (Layer.NAMESPACES, errno.EACCES): _USER_NAMESPACES,
    (Layer.NAMESPACES, errno.ENOSPC): f"user.max_user_namespaces is used up or 0: {_USER_NAMESPACES}",
    (Layer.NAMESPACES, errno.ENOSYS): "this kernel has no namespaces: use --isolation sandbox",
}


def refused(level: str, layer: str, number: int, text: str) -> IsolationError:
    """The refusal, for people."""
    what_to_do = _WHAT_TO_DO.get((Layer(layer), number), "torchgrade doctor shows what there is here")
    name = errno.errorcode.get(number, str(number))
    return IsolationError(
        f"{level}: not to be had here, because its layer {layer} is missing ({name}: {text})",
        hint=f"{what_to_do}; {_WEAKER}",
    )


def no_linux(level: str, system: str) -> IsolationError:
    """The refusal of a level on another system, whose kernel has none of its layers."""
    return IsolationError(
        f"{level}: not to be had here, because its layers are Linux's (5.13 or later) and this is {system}",
        hint=f"use WSL2 or a Linux container; {_WEAKER}",
    )
