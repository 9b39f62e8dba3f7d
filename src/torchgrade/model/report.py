"""A report: the header of a run, and its attempts; the only thing writers see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from torchgrade.model.finding import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Versions, seed and isolation level of a run: everything the attempts depend on, and no time."""

    versions: Mapping[str, str]
    isolation: str
    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A submitter's points over all exercises."""

    submitter: str
    points: Fraction
    max_points: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All attempts of a run, in the order submitter, exercise."""

    header: Header
    attempts: tuple[Attempt, ...]
    totals: tuple[Total, ...]
