"""A port of this machine at which one child is awaited, and nobody else is heard."""

from __future__ import annotations

import hmac
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from torchgrade.wire import introduction
from torchgrade.wire.introduction import DATA, HOST, LENGTH, OUTPUT

_MOMENT = 0.05
_INTRODUCTION_SECONDS = 1.0


class Listener:
    """Open until it is closed. Whoever connects has a second to say the token."""

    def __init__(self) -> None:
        self.token = introduction.token()
        self._socket = socket.socket()
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: else another program may take the port over
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        self._socket.bind((HOST, 0))
        self._socket.listen()
        self._socket.settimeout(_MOMENT)
        self._met: dict[str, socket.socket] = {}

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def meet(self, is_alive: Callable[[], bool], seconds: float) -> tuple[socket.socket, socket.socket]:
        """The child's data and output connections. Raises ConnectionError if it dies or takes longer than that."""
        end = time.monotonic() + seconds
        while len(self._met) < len((DATA, OUTPUT)):
            with suppress(TimeoutError):
                self._admit(self._socket.accept()[0])
            if not is_alive() or time.monotonic() > end:
                raise ConnectionError("the child did not connect")
        data, output = self._met.pop(DATA), self._met.pop(OUTPUT)
        data.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return data, output

    def close(self) -> None:
        """Listen no more, and drop what was not handed over."""
        for each in (self._socket, *self._met.values()):
            each.close()

    def _admit(self, connection: socket.socket) -> None:
        role = self._role(_introduced(connection))
        if role is None:
            connection.close()
            return
        connection.setblocking(False)
        self._met[role] = connection

    def _role(self, said: bytes) -> str | None:
        """Which of the awaited connections this is; None if it is a stranger's."""
        for role in {DATA, OUTPUT} - set(self._met):
            if hmac.compare_digest(said, introduction.said(self.token, role)):
                return role
        return None


def _introduced(connection: socket.socket) -> bytes:
    """The first bytes that come, if they come in time."""
    end, said = time.monotonic() + _INTRODUCTION_SECONDS, b""
    with suppress(OSError):
        while len(said) < LENGTH and time.monotonic() < end:
            connection.settimeout(_INTRODUCTION_SECONDS)
            chunk = connection.recv(LENGTH - len(said))
            if not chunk:
                break
            said += chunk
    return said
