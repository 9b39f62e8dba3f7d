"""What a drawn tensor should look like, with every formula of its Spec resolved to a number."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torchgrade.errors import FormulaError
from torchgrade.model.exercise import Family
from torchgrade.numeric.arrays import Kind, kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A tensor to draw; `low` and `high` are both included. `rank` and `condition` are for matrices."""

    name: str
    family: Family
    shape: tuple[int, ...]
    dtype: str
    low: float
    high: float
    rank: int | None = None
    condition: float | None = None

    @property
    def kind(self) -> Kind:
        """bool, int, float or complex."""
        return kind_of(self.dtype)

    @property
    def whole(self) -> tuple[int, int]:
        """The first and last integer of the range."""
        return math.ceil(self.low), math.floor(self.high)

    def fault(self, message: str, hint: str = "") -> FormulaError:
        """This tensor cannot be drawn."""
        return FormulaError(f"`{self.name}` cannot be drawn: {message}", code="draw-family", hint=hint)
