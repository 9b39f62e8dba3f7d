"""All layers of one level: what is made once, in the zygote, and what each child puts on."""

from __future__ import annotations

import os

from torchgrade.model.isolation import Confinement, Layer
from torchgrade.worker.confine import capabilities, descriptors, landlock, limits, namespaces, seccomp, session
from torchgrade.worker.confine.limits import Limits
from torchgrade.worker.confine.readable import importable, readable

_NEED_NO_NEW_PRIVILEGES = {Layer.CAPABILITIES, Layer.LANDLOCK, Layer.SECCOMP}
_OUTSIDE = 0
"""What getppid says of a parent in another PID namespace."""


class RefusedError(Exception):
    """A layer is not to be had here: which one, and what the kernel says."""

    def __init__(self, level: str, layer: Layer, error: OSError) -> None:
        super().__init__(f"{level}: {layer}: {error}")
        self.level = level
        self.layer = layer
        self.error = error


class Walls:
    """What a zygote holds ready for its children."""

    def __init__(self, confinement: Confinement) -> None:
        """Enter what the zygote itself enters; to be called before torch is loaded, by a process with one thread.

        Raises RefusedError if the kernel does not give one of the layers; then nothing has changed.
        """
        self.level = confinement.level
        self._layers = confinement.layers
        paths = readable() if self._layers & {Layer.LANDLOCK, Layer.NAMESPACES} else ()
        try:
            layer = Layer.SECCOMP
            self._program = _filter() if layer in self._layers else None
            layer = Layer.LANDLOCK
            self.abi = landlock.abi() if layer in self._layers else 0
            layer = Layer.NAMESPACES
            if layer in self._layers:
                namespaces.enter((*paths, *importable()))
        except OSError as error:
            raise RefusedError(self.level, layer, error) from None
        self._rules = landlock.ruleset(paths) if Layer.LANDLOCK in self._layers else -1
        self._nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        self._self = limits.Self()

    def close(self) -> None:
        """Torch is loaded, and has looked around: take away what only that needed."""
        if Layer.NAMESPACES in self._layers:
            namespaces.hide_proc()

    def fork(self) -> int:
        """As os.fork. Raises RuntimeError if there is a second thread, whose locks nobody would ever open."""
        if self._self.threads() != 1:
            raise RuntimeError(f"{self._self.threads()} threads before a fork")
        return namespaces.fork() if Layer.NAMESPACES in self._layers else os.fork()

    def confine(self, zygote: int, data: int, output: int, allowed: Limits) -> None:
        """Put a child behind everything, in the order in which one layer does not stand in another's way."""
        taken = self._self.virtual_bytes()
        if Layer.SESSION in self._layers:
            session.lead()
        if Layer.CAPABILITIES in self._layers:
            capabilities.drop()
        if self._layers & _NEED_NO_NEW_PRIVILEGES:
            capabilities.never_gain()
        if Layer.LANDLOCK in self._layers:
            landlock.restrict(self._rules)
        if Layer.SESSION in self._layers:  # after everything that changes credentials, which would clear it
            session.die_with(_OUTSIDE if Layer.NAMESPACES in self._layers else zygote)
        descriptors.arrange(self._nothing, data, output)
        if Layer.DESCRIPTORS in self._layers:
            descriptors.close_others()
        if Layer.LIMITS in self._layers:
            limits.impose(allowed, taken)
        if self._program is not None:
            self._program.load(os.getpid())


def _filter() -> seccomp.Program:
    program = seccomp.Program()
    seccomp.check()
    return program
