"""One request and its reply: the parent owns the clock, keeps the pipes empty and allocates nothing on a claim."""

from __future__ import annotations

import os
import select
import socket
import time
from dataclasses import dataclass, field
from enum import StrEnum

from torchgrade.errors import WireError
from torchgrade.wire import frames

KEPT_OUTPUT = 64 * 2**10
MAX_OUTPUT = 8 * 2**20
_CHUNK = 2**18
_READABLE = select.POLLIN | select.POLLHUP | select.POLLERR


class Failure(StrEnum):
    """Why there is no reply."""

    TIME = "time"
    OUTPUT = "output"
    GARBAGE = "garbage"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Channels:
    """The parent's ends: the data socket, the output pipe and the process handle, none of which ever blocks."""

    data: socket.socket
    output: int
    process: int


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What came of one request, for which there were `allowed` seconds."""

    allowed: float
    reply: bytes = b""
    failure: Failure | None = None
    problem: str = ""
    printed: bytearray = field(default_factory=bytearray)
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """What was printed, as far as it is kept."""
        return self.printed.decode("utf-8", "replace")


def exchange(channels: Channels, request: bytes, seconds: float) -> Exchange:
    """Send a request and wait at most `seconds` for its whole reply."""
    return _Talk(channels, request, seconds).run()


class _Talk:
    """The state of an exchange under way."""

    def __init__(self, channels: Channels, request: bytes, seconds: float) -> None:
        self._channels = channels
        self._unsent = memoryview(request)
        self._received = bytearray()
        self._announced: int | None = None
        self._printed = 0
        self._is_silent = False
        self._result = Exchange(allowed=seconds)
        self._poll = select.poll()
        self._poll.register(channels.data, _READABLE | select.POLLOUT)
        self._poll.register(channels.output, _READABLE)
        self._poll.register(channels.process, _READABLE)

    def run(self) -> Exchange:
        """Send, listen and watch the clock until it is over."""
        start = time.monotonic()
        if self._speaks_unasked():
            self._fail(Failure.GARBAGE, "it wrote to it when nothing was asked")
        while not self._is_over():
            left = start + self._result.allowed - time.monotonic()
            ready = dict(self._poll.poll(max(0.0, left) * 1000)) if left > 0 else {}
            if not ready:
                self._fail(Failure.TIME)
                break
            self._step(ready)
        self._drain()
        self._result.seconds = time.monotonic() - start
        return self._result

    def _is_over(self) -> bool:
        return self._result.failure is not None or bool(self._result.reply)

    def _fail(self, failure: Failure, problem: str = "") -> None:
        self._result.failure, self._result.problem = failure, problem

    def _speaks_unasked(self) -> bool:
        try:
            return bool(self._channels.data.recv(1, socket.MSG_PEEK))
        except OSError:  # nothing there, as it should be, or the connection is gone, which the loop will see
            return False

    def _step(self, ready: dict[int, int]) -> None:
        """What is ready, in this order: a reply that was sent before a death still counts."""
        data = ready.get(self._channels.data.fileno(), 0)
        if self._channels.output in ready:
            self._hear()
        if data & select.POLLOUT:
            self._send()
        if data & _READABLE:
            self._receive()
        elif self._channels.process in ready:
            self._fail(Failure.LOST)

    def _send(self) -> None:
        try:
            self._unsent = self._unsent[self._channels.data.send(self._unsent) :]
        except BlockingIOError:
            return
        except OSError:
            self._fail(Failure.LOST)
        if not self._unsent:
            self._poll.modify(self._channels.data, _READABLE)

    def _receive(self) -> None:
        try:
            chunk = self._channels.data.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._fail(Failure.LOST)
            return
        self._received += chunk
        try:
            self._check()
        except WireError as error:
            self._fail(Failure.GARBAGE, error.message)

    def _check(self) -> None:
        """What was received so far, against what its first bytes announce."""
        if self._announced is None and len(self._received) >= frames.PREFIX.size:
            self._announced = frames.announced(self._received)
        if self._announced is None or len(self._received) < self._announced:
            return
        if len(self._received) > self._announced:
            raise WireError("it wrote more than one answer")
        self._result.reply = bytes(self._received)

    def _hear(self) -> bool:
        """Take some output; False if there is none."""
        if self._is_silent:
            return False
        try:
            chunk = os.read(self._channels.output, _CHUNK)
        except OSError:
            return False
        if not chunk:  # the code closed its output, which it may
            self._is_silent = True
            self._poll.unregister(self._channels.output)
            return False
        self._printed += len(chunk)
        self._result.printed += chunk[: KEPT_OUTPUT - len(self._result.printed)]
        if self._printed > MAX_OUTPUT:
            self._fail(Failure.OUTPUT)
        return True

    def _drain(self) -> None:
        """The rest of the output, which was printed before the reply was sent."""
        while self._printed <= MAX_OUTPUT and self._hear():
            pass
