"""A case: one named set of inputs, resolved to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from torchgrade.model.exercise import Literal
from torchgrade.model.value import Value


class Origin(StrEnum):
    """Where the inputs of a case come from."""

    GIVEN = "given"
    DRAWN = "drawn"
    EDGE = "edge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Inputs by parameter, in calling order; floating inputs have `dtype` unless their Spec names another.

    `group` is the name shared by the cases of one entry in the file. `expected` (outcome → literal) and
    `raises` are part of the truth and never leave the judge.
    """

    name: str
    group: str
    origin: Origin
    visible: bool
    dtype: str
    dims: Mapping[str, int]
    inputs: Mapping[str, Value]
    expected: Mapping[str, Literal]
    raises: str | None = None
