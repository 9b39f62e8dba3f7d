"""Sizes and shapes whose numbers need not be known, and how they fit together.

A size is a number, or the text of a formula of dims; None where it is not known.
"""

from __future__ import annotations

from typing import TypeAlias

Size: TypeAlias = int | str | None
Shape: TypeAlias = tuple[Size, ...]


def differ(first: Size, second: Size) -> bool:
    """True if two sizes are surely different: two numbers, or two dims by name (dims are drawn different)."""
    if isinstance(first, int) and isinstance(second, int):
        return first != second
    both = isinstance(first, str) and isinstance(second, str) and first.isidentifier() and second.isidentifier()
    return both and first != second


def broadcast(first: Shape | None, second: Shape | None) -> Shape | None:
    """The shape of two tensors together; None if it is not known or they surely do not fit."""
    if first is None or second is None:
        return None
    length = max(len(first), len(second))
    pairs = zip((1,) * (length - len(first)) + first, (1,) * (length - len(second)) + second, strict=True)
    joined = tuple(_together(*pair) for pair in pairs)
    return None if any(size == -1 for size in joined) else joined


def _together(first: Size, second: Size) -> Size:
    if first == second or second == 1:
        return first
    if first == 1:
        return second
    return -1 if differ(first, second) else None


def product(left: Shape | None, right: Shape | None) -> Shape | None:
    """The shape of `left @ right`; None if it is not known or they surely do not fit."""
    if not left or not right:
        return None
    if differ(left[-1], right[0] if len(right) == 1 else right[-2]):
        return None
    batch = broadcast(left[:-2], right[:-2])
    rows, columns = left[-2:-1], right[-1:] if len(right) > 1 else ()
    return None if batch is None else (*batch, *rows, *columns)
