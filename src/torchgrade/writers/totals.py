"""Points, added up and rounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from torchgrade.model.finding import Attempt
from torchgrade.model.report import Total
from torchgrade.model.said import said, translated
from torchgrade.model.text import FALLBACK

DECIMALS = 6


class Sums:
    """Each submitter's points over all attempts that passed, in the order they first appear.

    A bonus is not asked of anyone. Equal sums are one object: of many submitters there are few different ones.
    """

    def __init__(self) -> None:
        self._sums: dict[str, tuple[Fraction, Fraction]] = {}
        self._seen: dict[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] = {}

    def passing(self, attempts: Iterable[Attempt]) -> Iterator[Attempt]:
        """The same attempts, which are added up on their way."""
        for attempt in attempts:
            points, most = self._sums.get(attempt.submitter, (Fraction(0), Fraction(0)))
            most += 0 if attempt.bonus else attempt.max_points
            added = points + attempt.points, most
            self._sums[attempt.submitter] = self._seen.setdefault(added, added)
            yield attempt

    def __len__(self) -> int:
        return len(self._sums)

    def totals(self) -> Iterator[Total]:
        """The sums so far."""
        for submitter, (points, most) in self._sums.items():
            yield Total(submitter=submitter, points=points, max_points=most)


def totals(attempts: Iterable[Attempt]) -> tuple[Total, ...]:
    """The `Sums` of all attempts."""
    sums = Sums()
    for _ in sums.passing(attempts):
        pass
    return tuple(sums.totals())


def scored(points: Fraction, most: Fraction, language: str = FALLBACK) -> str:
    """`0.5 of 1 point`, `2 of 3 points`."""
    told = {"points": shown(points), "most": shown(most)}
    of = said("{points} of {most} point", **told) if most == 1 else said("{points} of {most} points", **told)
    return translated(of, language)


def shown(points: Fraction) -> str:
    """Points for people: at most two decimals (`3`, `2.5`, `0.33`), never rounded up to more than was earned."""
    hundredths = points * 100 // 1
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def numeric(points: Fraction) -> float:
    """Points for machines: the nearest number with six decimals."""
    return round(float(points), DECIMALS)
