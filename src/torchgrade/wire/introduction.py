"""How a spawned child learns what it may do, and how it makes itself known: over this machine's own network.

The parent writes an Order to the child's standard input, which nobody else can read. The child connects to that port
once for each role, and says the token and the role; whoever does not know the token is not heard.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

HOST = "127.0.0.1"
DATA, OUTPUT = "d", "o"
_TOKEN_BYTES = 16
LENGTH = 2 * _TOKEN_BYTES + 1
"""The bytes of what a child says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Where to connect, what may be used (memory beyond torch's own, seconds of processor time), what to load first."""

    port: int
    token: str
    megabytes: int
    cpu_seconds: int
    files: int
    topics: tuple[str, ...]


def token() -> str:
    """A new one."""
    return secrets.token_hex(_TOKEN_BYTES)


def write(order: Order) -> bytes:
    """An order as one line."""
    numbers = (order.port, order.token, order.megabytes, order.cpu_seconds, order.files)
    return (" ".join((*map(str, numbers), *order.topics)) + "\n").encode("ascii")


def read(line: str) -> Order:
    """The order in a line."""
    port, secret, megabytes, cpu_seconds, files, *topics = line.split()
    return Order(
        port=int(port),
        token=secret,
        megabytes=int(megabytes),
        cpu_seconds=int(cpu_seconds),
        files=int(files),
        topics=tuple(topics),
    )


def said(secret: str, role: str) -> bytes:
    """What a child says first on a connection."""
    return (secret + role).encode("ascii")
