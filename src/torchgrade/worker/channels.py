"""How a child is connected: by descriptors that were put in their places, or by sockets where a fork cannot do that."""

from __future__ import annotations

import io
import os
import socket
from typing import Protocol


class Channel(Protocol):
    """Requests come in and replies go out one way, what is printed goes out another."""

    def read(self, most: int) -> bytes:
        """Some bytes of a request; none at the end."""

    def write(self, data: memoryview) -> int:
        """Write some bytes of a reply; how many."""

    def printer(self, number: int) -> io.RawIOBase:
        """A fresh raw stream for what is printed; 1 is stdout, 2 is stderr."""


class Descriptors:
    """A forked child's: by read and write, because calls for sockets are not allowed there."""

    def __init__(self, data: int) -> None:
        self._data = data

    def read(self, most: int) -> bytes:
        return os.read(self._data, most)

    def write(self, data: memoryview) -> int:
        return os.write(self._data, data)

    def printer(self, number: int) -> io.RawIOBase:
        return io.FileIO(number, "w", closefd=False)


class Sockets:
    """A spawned child's: on Windows a socket is no descriptor."""

    def __init__(self, data: socket.socket, output: socket.socket) -> None:
        self._data = data
        self._output = output

    def read(self, most: int) -> bytes:
        return self._data.recv(most)

    def write(self, data: memoryview) -> int:
        return self._data.send(data)

    def printer(self, number: int) -> io.RawIOBase:
        """Both numbers are the one connection."""
        return socket.SocketIO(self._output, "w")
