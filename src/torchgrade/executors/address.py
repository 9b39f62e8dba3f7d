"""Which addresses of a cluster may be used: whoever reaches a scheduler or a worker without tls runs code there."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from torchgrade.errors import UsageError

TLS = "docs/scaling.md shows how"
_SHAPE = "tcp://127.0.0.1:8786, or tls://HOST:8786"


def verified(address: str) -> str:
    """The address of a scheduler, if it may be used."""
    parts = _parts(address)
    if parts is None or parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port:
        raise UsageError(f"{address!r} is no address of a Dask scheduler", hint=_SHAPE)
    if not is_safe(address):
        raise UsageError(
            f"{address} is refused: without tls, whoever reaches the port of a Dask scheduler can run code on its"
            " workers and read what is graded there",
            hint=f"use tls://, or a scheduler on this machine or behind an ssh tunnel that begins here; {TLS}",
        )
    return address


def is_safe(address: str) -> bool:
    """Whether it is encrypted or within this machine."""
    parts = _parts(address)
    return parts is not None and (parts.scheme == "tls" or (parts.scheme == "tcp" and _is_loopback(parts.hostname)))


def place(address: str) -> tuple[str, int]:
    """Host and port of a verified address."""
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or 0


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
