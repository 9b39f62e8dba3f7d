"""How much of what a submission returned is read: enough for any exercise, and bounded."""

from __future__ import annotations

from torchgrade.wire.values import MAX_DATA, MAX_ITEMS

_MEGABYTE = 2**20


class Budget:
    """What may still be read for one request."""

    TOO_MANY = f"more than {MAX_ITEMS:,} items"
    TOO_LARGE = f"more than {MAX_DATA // _MEGABYTE} MB"

    def __init__(self) -> None:
        self._data = MAX_DATA
        self._items = MAX_ITEMS

    def allows_data(self, size: int) -> bool:
        """Take `size` bytes, if they are left."""
        allowed = size <= self._data
        self._data -= size if allowed else 0
        return allowed

    def allows_items(self, count: int) -> bool:
        """Take `count` items, if they are left."""
        allowed = count <= self._items
        self._items -= count if allowed else 0
        return allowed
