"""A process with torch loaded that forks a child for each submission; it never reads a job."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NoReturn

from torchgrade.wire import control
from torchgrade.worker import child, kernel, warm

_RUSAGE_UNIT = 1024


def main(descriptor: int) -> None:
    """Warm up, say so, and obey until the control socket closes."""
    line = socket.socket(fileno=descriptor)
    warm.lean()
    line.send(control.encode(control.READY))
    while True:
        message, descriptors, _, _ = socket.recv_fds(line, control.MAX_MESSAGE, 2)
        if not message:
            return
        word, *arguments = message.decode("ascii").split(" ")
        _COMMANDS[word](line, descriptors, arguments)


def _warm(line: socket.socket, _descriptors: list[int], topics: list[str]) -> None:
    for topic in topics:
        warm.TOPICS[topic]()
    line.send(control.encode(control.WARMED))


def _spawn(line: socket.socket, descriptors: list[int], arguments: list[str]) -> None:
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become_child(line, zygote, descriptors, [int(argument) for argument in arguments])
    for descriptor in descriptors:
        os.close(descriptor)
    handle = os.pidfd_open(pid)
    socket.send_fds(line, [control.encode(control.CHILD, pid)], [handle])
    os.close(handle)


def _become_child(line: socket.socket, zygote: int, descriptors: list[int], limits: list[int]) -> NoReturn:
    """Nothing of the zygote's loop may run on in a child, whatever happens."""
    try:
        line.detach()  # its number becomes another descriptor's, which this object must not close
        data, output = descriptors
        megabytes, processor_seconds = limits
        kernel.detach(zygote)
        kernel.keep_only(data, output)
        kernel.limit(megabytes, processor_seconds)
        child.serve(megabytes)
    finally:
        os._exit(control.CONNECTION_LOST)


def _end(line: socket.socket, _descriptors: list[int], arguments: list[str]) -> None:
    """The child leads a group of its own, and keeps that number until it is reaped here."""
    pid = int(arguments[0])
    os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it did not live long enough to lead one
        os.killpg(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    line.send(control.encode(control.ENDED, status, usage.ru_maxrss * _RUSAGE_UNIT))


_COMMANDS: Mapping[str, Callable[[socket.socket, list[int], list[str]], None]] = {
    control.WARM: _warm,
    control.SPAWN: _spawn,
    control.END: _end,
}
