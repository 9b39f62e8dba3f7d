"""What can stand between a submission and the machine, and the levels that are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from torchgrade.model.said import said


class Layer(StrEnum):
    """One means of confinement; each is a file in `worker/confine/`."""

    DESCRIPTORS = "descriptors"
    SESSION = "session"
    LIMITS = "limits"
    CAPABILITIES = "capabilities"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"
    NAMESPACES = "namespaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """An isolation level: its name in reports, and its layers."""

    level: str
    layers: frozenset[Layer]


_PROCESS = frozenset({Layer.DESCRIPTORS, Layer.SESSION, Layer.LIMITS})
_SANDBOX = _PROCESS | {Layer.CAPABILITIES, Layer.LANDLOCK, Layer.SECCOMP}

PROCESS = Confinement(level="process", layers=_PROCESS)
SANDBOX = Confinement(level="sandbox", layers=_SANDBOX)
NAMESPACES = Confinement(level="namespaces", layers=_SANDBOX | {Layer.NAMESPACES})

LEVELS: Mapping[str, Confinement] = {each.level: each for each in (PROCESS, SANDBOX, NAMESPACES)}
"""By name, the weakest first."""

MEANING: Mapping[str, str] = {
    PROCESS.level: said("process: not a sandbox, the code runs with your rights"),
    SANDBOX.level: said("sandbox: no files, network, processes or answers within reach"),
    NAMESPACES.level: said("namespaces: the sandbox, in a world of its own"),
}
"""What people are told of a level."""
