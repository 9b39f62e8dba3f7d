"""One child process as its parent sees it."""

from __future__ import annotations

import os
import select
import signal
import socket
from contextlib import suppress

from torchgrade.sandbox import talk
from torchgrade.sandbox.allowance import Allowance
from torchgrade.sandbox.connection import Channels, Connection
from torchgrade.sandbox.exchange import Exchange
from torchgrade.sandbox.watch import Watch


class Child:
    """Answers requests until it dies or is killed.

    `pid` is what its zygote calls it, `loaded` the plans it knows; what it says of a file once it `saw_hidden` cases is
    not to be told.
    """

    def __init__(self, pid: int, channels: Channels) -> None:
        self.pid = pid
        self.loaded: set[int] = set()
        self.saw_hidden = False
        self._channels = channels
        self._watch = Watch(channels.process)
        self._connection = Connection(channels, self._watch)

    def ask(self, request: bytes, allowed: Allowance, ahead: bytes = b"") -> Exchange:
        """Send a request, and the next one after it, and wait for its reply."""
        return talk.ask(self._connection, request, allowed, ahead)

    def peak_bytes(self) -> int:
        """The most memory that it had so far; 0 if that is not known, or it is dead."""
        return self._watch.peak_bytes()

    def has_died(self, seconds: float) -> bool:
        """True if it dies within this time."""
        poll = select.poll()
        poll.register(self._channels.process, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def kill(self) -> None:
        """End it, if it is not dead yet."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._channels.process, signal.SIGKILL)

    def close(self) -> None:
        """Give the descriptors back."""
        self._channels.data.close()
        os.close(self._channels.output)
        os.close(self._channels.process)


def plumbing() -> tuple[socket.socket, socket.socket, int, int]:
    """A data socket and an output pipe: the parent's socket, the child's, the parent's end of the pipe, the child's."""
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    ours.setblocking(False)
    os.set_blocking(reading, False)
    return ours, theirs, reading, writing
