"""A process with torch loaded that forks a child for each submission; it never reads a job."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from torchgrade.wire import control
from torchgrade.worker import child, warm
from torchgrade.worker.channels import Descriptors
from torchgrade.worker.confine.descriptors import DATA
from torchgrade.worker.confine.limits import Limits
from torchgrade.worker.confine.walls import Walls
from torchgrade.worker.pages import Memory

_RUSAGE_UNIT = 1024
_ERRORS = 2


def serve(line: socket.socket, walls: Walls) -> None:
    """Warm up, say so, and obey until the control socket closes."""
    warm.lean()
    memory = Memory()
    walls.close()
    line.send(control.encode(control.READY, walls.level, walls.abi))
    zygote = _Zygote(line, walls, memory)
    while zygote.hears():
        pass


class _Zygote:
    def __init__(self, line: socket.socket, walls: Walls, memory: Memory) -> None:
        self._line = line
        self._walls = walls
        self._memory = memory
        self._missing = set(warm.TOPICS)
        self._dying: dict[int, int] = {}  # what was dismissed, and is not reaped yet: its pid by its handle

    def hears(self) -> bool:
        """Wait for a command, and obey it; False if there will be no more."""
        ready, _, _ = select.select([self._line.fileno(), *self._dying], [], [])
        for handle in self._dying.keys() & ready:
            os.waitpid(self._dying.pop(handle), 0)
            os.close(handle)
        if self._line.fileno() not in ready:
            return True
        message, descriptors, _, _ = socket.recv_fds(self._line, control.MAX_MESSAGE, 2)
        if message:
            self._obey(message, descriptors)
        return bool(message)

    def _obey(self, message: bytes, descriptors: list[int]) -> None:
        """One command of `wire.control`."""
        match message.decode("ascii").split(" "):
            case [control.WARM, *topics]:
                self._warm(topics)
            case [control.SPAWN, megabytes, seconds, files]:
                allowed = Limits(megabytes=int(megabytes), cpu_seconds=int(seconds), files=int(files))
                self._spawn(descriptors, allowed)
            case [control.END, pid]:
                self._end(int(pid))
            case [control.DISMISS, pid]:
                self._dismiss(int(pid))

    def _warm(self, topics: Sequence[str]) -> None:
        for topic in topics:
            warm.TOPICS[topic]()
        self._missing.difference_update(topics)
        if not self._missing:  # whoever wants everything will have it forked many times
            self._memory.gather()
        self._line.send(control.encode(control.WARMED))

    def _spawn(self, descriptors: list[int], allowed: Limits) -> None:
        zygote = os.getpid()
        gc.freeze()  # or a collection in a child would write to, and so copy, every page that holds a Python object
        pid = self._walls.fork()
        if pid == 0:
            self._become_child(zygote, descriptors, allowed)
        for descriptor in descriptors:
            os.close(descriptor)
        handle = os.pidfd_open(pid)
        socket.send_fds(self._line, [control.encode(control.CHILD, pid)], [handle])
        os.close(handle)

    def _become_child(self, zygote: int, descriptors: list[int], allowed: Limits) -> NoReturn:
        """Nothing of the zygote's loop may run on in a child, whatever happens."""
        try:
            self._line.detach()  # its number becomes another descriptor's, which this object must not close
            data, output = descriptors
            try:
                self._walls.confine(zygote, data, output, allowed)
            except BaseException as error:
                _cry(error)
                os._exit(control.NOT_CONFINED)
            child.serve(allowed.megabytes, Descriptors(DATA))
        finally:
            os._exit(control.CONNECTION_LOST)

    def _end(self, pid: int) -> None:
        _kill(pid)
        _, status, usage = os.wait4(pid, 0)
        self._line.send(control.encode(control.ENDED, status, usage.ru_maxrss * _RUSAGE_UNIT))

    def _dismiss(self, pid: int) -> None:
        """The kernel takes its time to clear the memory away, in which another child can be forked."""
        _kill(pid)
        self._dying[os.pidfd_open(pid)] = pid


def _kill(pid: int) -> None:
    """The child leads a group of its own, and keeps that number until it is reaped here."""
    os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it did not live long enough to lead one
        os.killpg(pid, signal.SIGKILL)


def _cry(error: BaseException) -> None:
    """Why a child is not confined: into its output if it has that already, else into the zygote's."""
    with suppress(OSError):
        os.write(_ERRORS, f"{type(error).__name__}: {error}\n".encode())
