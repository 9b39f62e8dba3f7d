"""A piece of torch source text, and what is known of its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from torchgrade.formula.display import POSTFIX

_SORTS: Final = ("bool", "int", "sizes", "float", "symbol")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text and how tightly it binds.

    `sort` is bool, int, float, symbol or sizes (a tuple of ints); `number` tells a Python number from a tensor.
    """

    text: str
    binding: int = POSTFIX
    sort: str = "float"
    number: bool = False

    def within(self, least: int) -> str:
        """The text, in brackets if it binds less tightly than its place needs."""
        return self.text if self.binding >= least else f"({self.text})"


def joined(*pieces: Piece) -> str:
    """The sort of what is computed from all of them; torch makes floating what is made of none."""
    return max((piece.sort for piece in pieces), key=_SORTS.index, default="float")
