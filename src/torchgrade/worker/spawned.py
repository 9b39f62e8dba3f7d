"""`python -I -P -m torchgrade.worker.spawned`: one child, where there is no zygote that could fork it.

Torch is loaded first. Then an order (`wire.introduction`) is awaited on standard input, obeyed, and requests are
answered as a forked child answers them. When standard input ends, so does the child. What only POSIX systems have may
not be imported here.
"""

from __future__ import annotations

import _thread
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from torchgrade.wire import introduction
from torchgrade.wire.introduction import DATA, HOST, OUTPUT, Order
from torchgrade.worker import child, warm
from torchgrade.worker.channels import Sockets

_STAT = Path("/proc/self/stat")
_ENORMOUS = 2**46
_SOCKETS_ARE_DESCRIPTORS = os.name == "posix"


def main() -> NoReturn:
    """Become a child of the process that started this one."""
    warm.lean()
    line = sys.stdin.readline()
    if not line:  # the grader ended before it had anything to do
        os._exit(0)
    order = introduction.read(line)
    _end_with(_life_line())
    for topic in order.topics:
        warm.TOPICS[topic]()
    _limit(order)
    data, output = _connect(order, DATA), _connect(order, OUTPUT)
    _redirect(output)
    child.serve(order.megabytes, Sockets(data, output))


def _connect(order: Order, role: str) -> socket.socket:
    connection = socket.create_connection((HOST, order.port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(introduction.said(order.token, role))
    return connection


def _life_line() -> int:
    """Standard input, out of the way of code that reads it: for that, it is empty from now on."""
    line = os.dup(0)
    _put(os.open(os.devnull, os.O_RDONLY), (0,))
    return line


def _end_with(line: int) -> None:
    """Die when the grader does, however it ends: then nobody is left who would watch the clock."""

    def wait() -> None:
        with suppress(OSError):
            os.read(line, 1)
        os._exit(0)

    _thread.start_new_thread(wait, ())  # `threading` would count it among the submission's own


def _redirect(output: socket.socket) -> None:
    """What is printed below Python's streams: it is heard, or lost where a socket is no descriptor."""
    descriptor = os.dup(output.fileno()) if _SOCKETS_ARE_DESCRIPTORS else os.open(os.devnull, os.O_WRONLY)
    _put(descriptor, (1, 2))


def _put(descriptor: int, places: Sequence[int]) -> None:
    for place in places:
        os.dup2(descriptor, place)
    os.close(descriptor)


def _limit(order: Order) -> None:
    """The kernel's own limits, where it has any. Without /proc (macOS), memory is as good as unlimited."""
    try:
        from torchgrade.worker.confine import limits
    except ImportError:  # Windows
        return
    allowed = limits.Limits(megabytes=order.megabytes, cpu_seconds=order.cpu_seconds, files=order.files)
    if _STAT.exists():
        limits.impose(allowed, limits.Self().virtual_bytes())
    else:
        with suppress(OSError, ValueError):
            limits.impose(allowed, _ENORMOUS)


if __name__ == "__main__":
    main()
