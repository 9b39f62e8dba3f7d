"""Item analysis: what the points of a class say about its exercises. Pure.

Difficulty is mean / most. Discrimination is the mean of the best 27% less that of the weakest 27%, as a share of the
most (Kelley 1939). The correlation is that of an exercise's points with those of all other exercises (corrected
point-biserial). Cronbach's alpha says how far all exercises measure one thing. Two passes over the class are enough,
and nothing is held but sums for each exercise and one total for each submitter.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

FEWEST = 20
"""Of fewer submitters these numbers say nothing."""
SHARE = 0.27
HARD, EASY, WEAK = 0.2, 0.9, 0.1


class Flag(StrEnum):
    """What an author should look at."""

    NEGATIVE = "negative"
    WEAK = "weak"
    HARD = "hard"
    EASY = "easy"


class Score(NamedTuple):
    """What one submitter earned in an exercise, of how many points."""

    exercise: str
    points: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An exercise in numbers; `correlation` is None where its points, or those of all others, are the same for all."""

    exercise: str
    count: int
    difficulty: float
    discrimination: float
    correlation: float | None

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The gravest first."""
        found = []
        if self.correlation is not None and self.correlation < WEAK:
            found.append(Flag.NEGATIVE if self.correlation < 0 else Flag.WEAK)
        if self.difficulty < HARD:
            found.append(Flag.HARD)
        return (*found, Flag.EASY) if self.difficulty > EASY else tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The exercises that enough submitters have points in; `alpha` where all of them have all exercises."""

    items: tuple[Item, ...]
    alpha: float | None


@dataclass(slots=True)
class Moments:
    """Means, variances and covariance of pairs, one pair at a time (Welford 1962): of equal numbers exactly 0."""

    count: int = 0
    mean_x: float = 0.0
    mean_y: float = 0.0
    square_x: float = 0.0
    square_y: float = 0.0
    product: float = 0.0

    def add(self, x: float, y: float) -> None:
        """One pair more."""
        self.count += 1
        from_x, from_y = x - self.mean_x, y - self.mean_y
        self.mean_x += from_x / self.count
        self.mean_y += from_y / self.count
        self.square_x += from_x * (x - self.mean_x)
        self.square_y += from_y * (y - self.mean_y)
        self.product += from_x * (y - self.mean_y)

    @property
    def correlation(self) -> float | None:
        """Pearson's r; None where one of both does not vary."""
        if self.square_x <= 0 or self.square_y <= 0:
            return None
        return max(-1.0, min(1.0, self.product / math.sqrt(self.square_x) / math.sqrt(self.square_y)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The weakest and the best: of those whose totals are on a boundary each is in by the same part."""

    low: Fraction
    high: Fraction
    low_part: float
    high_part: float

    def weights(self, total: Fraction) -> tuple[float, float]:
        """How far a submitter with that total is among the weakest, and among the best."""
        low = 1.0 if total < self.low else self.low_part if total == self.low else 0.0
        high = 1.0 if total > self.high else self.high_part if total == self.high else 0.0
        return low, high


def groups(totals: Iterable[Fraction]) -> Groups:
    """The groups of a class, which has one submitter at least."""
    ranked = sorted(totals)
    size = max(1, round(SHARE * len(ranked)))
    low, high = ranked[size - 1], ranked[-size]
    below, above = bisect_left(ranked, low), len(ranked) - bisect_right(ranked, high)
    return Groups(
        low=low,
        high=high,
        low_part=(size - below) / (bisect_right(ranked, low) - below),
        high_part=(size - above) / (len(ranked) - above - bisect_left(ranked, high)),
    )


@dataclass(slots=True)
class _Sums:
    """Of one exercise: its points beside those of all others, and the weighted shares of both groups."""

    most: Fraction = Fraction(0)
    moments: Moments = field(default_factory=Moments)
    low: list[float] = field(default_factory=lambda: [0.0, 0.0])
    high: list[float] = field(default_factory=lambda: [0.0, 0.0])


class Items:
    """The analysis of a class as it comes: everybody to `add`, then everybody to `compare`, then the `analysis`."""

    def __init__(self) -> None:
        self.totals: list[Fraction] = []
        self._sums: dict[str, _Sums] = {}
        self._overall = Moments()
        self._groups: Groups | None = None

    def add(self, scores: Sequence[Score]) -> None:
        """The first pass: one submitter."""
        total = _total(scores)
        self.totals.append(total)
        self._overall.add(float(total), 0.0)
        for score in scores:
            sums = self._sums.setdefault(score.exercise, _Sums())
            sums.most = max(sums.most, score.most)
            sums.moments.add(float(score.points), float(total - score.points))

    def compare(self, scores: Sequence[Score]) -> None:
        """The second pass: the same submitters."""
        if self._groups is None:
            self._groups = groups(self.totals)
        weights = self._groups.weights(_total(scores))
        for score in scores if any(weights) else ():
            sums = self._sums[score.exercise]
            for weight, (place) in zip(weights, (sums.low, sums.high), strict=True):
                place[0] += weight * float(score.points)
                place[1] += weight

    def analysis(self) -> Analysis | None:
        """What both passes found; None where too few handed in."""
        if len(self.totals) < FEWEST:
            return None
        items = (_item(name, sums) for name, sums in self._sums.items() if _has_enough(sums))
        return Analysis(items=tuple(items), alpha=self._alpha())

    def _alpha(self) -> float | None:
        count, whole = len(self._sums), self._overall.square_x
        if count < 2 or whole <= 0 or any(each.moments.count < len(self.totals) for each in self._sums.values()):
            return None
        parts = math.fsum(each.moments.square_x for each in self._sums.values())
        return count / (count - 1) * (1 - parts / whole)


def analyse(people: Iterable[Sequence[Score]]) -> Analysis | None:
    """The analysis of a class that can be gone through twice."""
    items = Items()
    for own in people:
        items.add(own)
    if len(items.totals) >= FEWEST:
        for own in people:
            items.compare(own)
    return items.analysis()


def _total(scores: Sequence[Score]) -> Fraction:
    return sum((score.points for score in scores), Fraction(0))


def _has_enough(sums: _Sums) -> bool:
    return sums.moments.count >= FEWEST and sums.most > 0 and min(sums.low[1], sums.high[1]) > 0


def _item(exercise: str, sums: _Sums) -> Item:
    most, (low, high) = float(sums.most), (points / weight for points, weight in (sums.low, sums.high))
    return Item(
        exercise=exercise,
        count=sums.moments.count,
        difficulty=sums.moments.mean_x / most,
        discrimination=max(-1.0, min(1.0, (high - low) / most)),  # means of floats may round to more
        correlation=sums.moments.correlation,
    )
