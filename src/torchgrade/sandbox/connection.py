"""The connection to a process: what it has sent and was sent, from one exchange to the next."""

from __future__ import annotations

import os
import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass

from torchgrade.sandbox.watch import Watch

NO_HANDLE = -1
"""In the place of a process handle where there is none: that the process is dead is known by its closed connection."""
CHUNK = 2**16
READABLE, WRITABLE = selectors.EVENT_READ, selectors.EVENT_WRITE
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)


@dataclass(frozen=True, slots=True)
class Channels:
    """The parent's ends: the data socket, the output pipe and the process handle, none of which ever blocks."""

    data: socket.socket
    output: int
    process: int
    read: Callable[[int, int], bytes] = os.read


class Connection:
    """What lasts from one exchange with a process to the next."""

    def __init__(self, channels: Channels, watch: Watch) -> None:
        self.channels = channels
        self.watch = watch
        self.received = bytearray()
        self._buffer = memoryview(bytearray(CHUNK))
        self.unsent = memoryview(b"")
        self.ahead = b""
        self.is_silent = False
        self.replied = 0.0
        self.cpu_seconds = 0.0
        self._events = READABLE
        self._poll = _Selector()
        for each in (channels.data, channels.output, channels.process):
            if each != NO_HANDLE:
                self._poll.register(each, READABLE)

    def receive(self) -> int:
        """Take what has come: so many bytes, or an OSError. New buffers, one a request, would scatter the memory."""
        count = self.channels.data.recv_into(self._buffer)
        self.received += self._buffer[:count]
        return count

    def wait(self, seconds: float) -> dict[int, int]:
        """What is ready within this time: events by descriptor."""
        events = READABLE | WRITABLE if self.unsent else READABLE
        if events != self._events:
            self._events = events
            self._poll.modify(self.channels.data, events)
        return {key.fd: ready for key, ready in self._poll.select(seconds)}

    def silence(self) -> None:
        """The code closed its output, which it may."""
        self.is_silent = True
        self._poll.unregister(self.channels.output)

    def is_ahead(self) -> bool:
        """True if the process has the next request already, and may answer it."""
        return bool(self.ahead) and not self.unsent
