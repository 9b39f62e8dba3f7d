"""Requests and replies: the parent owns the clock, keeps the pipes empty and allocates nothing on a claim.

The next request may be sent ahead, while one is at work, so that the process never waits for it. Its clock begins with
the reply before it, and what was said before it was sent is no answer. What is printed for it cannot quite be told
apart from what was printed for the one before: this is for cases whose output nobody is shown.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress

from torchgrade.errors import WireError
from torchgrade.sandbox.allowance import Allowance
from torchgrade.sandbox.connection import CHUNK, NO_HANDLE, READABLE, WRITABLE, Connection
from torchgrade.sandbox.exchange import Exchange, Failure
from torchgrade.wire import frames

KEPT_OUTPUT = 64 * 2**10
MEGABYTE = 2**20
TICK = 0.05
"""Seconds between two looks at a process; a reply that comes sooner costs none."""
_LAST_CHUNKS = 32
_NOT_TOLD_APART = 2 * 2**16
"""Bytes that may have been printed for the request after: what a pipe holds, when a reply comes and after it."""


def ask(line: Connection, request: bytes, allowed: Allowance, ahead: bytes = b"") -> Exchange:
    """Send a request and wait for its whole reply, as long as the process stays within what is allowed.

    `ahead`, which is to be asked next, is sent with it; when its turn comes, it is known again.
    """
    return _Talk(line, request, allowed, ahead).run()


class _Talk:
    """The state of an exchange under way."""

    def __init__(self, line: Connection, request: bytes, allowed: Allowance, ahead: bytes) -> None:
        self._line = line
        self._channels = line.channels
        self._request = request
        self._ahead = ahead
        self._allowed = allowed
        self._was_ahead = bool(request) and line.ahead is request
        self._cpu_start = line.cpu_seconds if self._was_ahead else line.watch.cpu_seconds()
        self._most_output = allowed.limits.output_megabytes * MEGABYTE + (_NOT_TOLD_APART if ahead else 0)
        self._announced: int | None = None
        self._printed = 0
        self._result = Exchange(allowed=allowed)

    def run(self) -> Exchange:
        """Send, listen and watch the clocks until it is over."""
        start = self._line.replied if self._was_ahead and self._line.is_ahead() else time.monotonic()
        self._line.ahead = b""
        if self._was_ahead:
            self._hear_out()
        elif self._speaks_unasked():
            self._fail(Failure.GARBAGE, "it wrote to it when nothing was asked")
        if self._result.failure is None:
            self._begin()
        self._listen(start)
        self._line.replied = time.monotonic()
        if self._result.reply:
            self._look_at_processor()
        self._drain()
        self._result.seconds = self._line.replied - start
        return self._result

    def _begin(self) -> None:
        """Send at once, for most requests fit into the socket whole."""
        line = self._line
        first = bytes(line.unsent) if self._was_ahead else self._request
        line.unsent, line.ahead = memoryview(first + self._ahead), self._ahead
        if line.unsent:
            self._send()

    def _listen(self, start: float) -> None:
        """Until it is over. What is there already counts, however late we come to look."""
        end, tick = start + self._allowed.seconds, time.monotonic() + TICK
        while not self._is_over():
            self._step(self._line.wait(max(0.0, min(end, tick) - time.monotonic())))
            now = time.monotonic()
            if self._is_over():
                return
            if now >= end:
                self._exceed(Failure.TIME, now - start)
            elif now >= tick:
                tick = now + TICK
                self._look()

    def _look(self) -> None:
        """At the process, which may be busy with something else than an answer."""
        self._look_at_processor()
        threads = self._line.watch.threads()
        if threads > self._allowed.limits.threads:
            self._exceed(Failure.THREADS, threads)

    def _look_at_processor(self) -> None:
        self._line.cpu_seconds = self._line.watch.cpu_seconds()
        used = self._line.cpu_seconds - self._cpu_start
        if used > self._allowed.cpu_seconds:
            self._exceed(Failure.PROCESSOR, used)

    def _is_over(self) -> bool:
        return self._result.failure is not None or bool(self._result.reply)

    def _fail(self, failure: Failure, problem: str = "") -> None:
        """The first of several faults is the one that counts."""
        if self._result.failure is None:
            self._result.failure, self._result.problem = failure, problem

    def _exceed(self, failure: Failure, used: float) -> None:
        if self._result.failure is None:
            self._result.failure, self._result.used = failure, used

    def _speaks_unasked(self) -> bool:
        try:
            return bool(self._line.received or self._channels.data.recv(1, socket.MSG_PEEK))
        except OSError:  # nothing there, as it should be, or the connection is gone, which the loop will see
            return False

    def _hear_out(self) -> None:
        """What a request that was sent ahead has brought, before the next is sent: nothing may follow its reply."""
        with suppress(OSError):  # nothing there, or the connection is gone, which the loop will see
            self._line.receive()
        self._check()

    def _step(self, ready: dict[int, int]) -> None:
        """What is ready, in this order: a reply that was sent before a death still counts."""
        data = ready.get(self._channels.data.fileno(), 0)
        if self._channels.output in ready:
            self._hear()
        if data & WRITABLE:
            self._send()
        if data & READABLE:
            self._receive()
        elif self._channels.process in ready:
            self._fail(Failure.LOST)

    def _send(self) -> None:
        line = self._line
        try:
            line.unsent = line.unsent[self._channels.data.send(line.unsent) :]
        except BlockingIOError:
            return
        except OSError:
            if len(line.unsent) > len(self._ahead):
                self._result.unread = self._channels.process != NO_HANDLE
                self._fail(Failure.LOST)
            line.unsent, line.ahead = memoryview(b""), b""  # what is under way may have been answered before the end

    def _receive(self) -> None:
        try:
            count = self._line.receive()
        except BlockingIOError:
            return
        except OSError:  # the far end was closed, and what was sent there still lay unread
            self._result.unread = self._channels.process != NO_HANDLE  # other systems say so of any process that ends
            count = 0
        if count:
            self._check()
        else:
            self._fail(Failure.LOST)

    def _check(self) -> None:
        """What was received so far, against what its first bytes announce."""
        received = self._line.received
        try:
            if self._announced is None and len(received) >= frames.PREFIX.size:
                self._announced = frames.announced(received)
        except WireError as error:
            self._fail(Failure.GARBAGE, error.message)
        if self._announced is None or len(received) < self._announced:
            return
        if len(received) > self._announced and not self._line.is_ahead():
            self._fail(Failure.GARBAGE, "it wrote more than one answer")
            return
        self._result.reply = bytes(received[: self._announced])
        del received[: self._announced]

    def _hear(self) -> bool:
        """Take some output; False if there is none."""
        if self._line.is_silent:
            return False
        try:
            chunk = self._channels.read(self._channels.output, CHUNK)
        except OSError:
            return False
        if not chunk:
            self._line.silence()
            return False
        self._printed += len(chunk)
        self._result.printed += chunk[: KEPT_OUTPUT - len(self._result.printed)]
        if self._printed > self._most_output:
            self._exceed(Failure.OUTPUT, self._printed / MEGABYTE)
        return True

    def _drain(self) -> None:
        """The rest of the output, which was printed before the reply was sent; a pipe holds so much and no more."""
        for _ in range(1 if self._ahead else _LAST_CHUNKS):
            if not self._hear():
                break
