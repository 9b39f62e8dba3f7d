"""Points, added up and rounded."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from torchgrade.model.finding import Attempt
from torchgrade.model.report import Total
from torchgrade.model.said import said, translated
from torchgrade.model.text import FALLBACK

DECIMALS = 6


def totals(attempts: Iterable[Attempt]) -> tuple[Total, ...]:
    """Each submitter's points over all attempts, in the order they first appear; a bonus is not asked of anyone."""
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for attempt in attempts:
        points, most = sums.get(attempt.submitter, (Fraction(0), Fraction(0)))
        sums[attempt.submitter] = points + attempt.points, most + (0 if attempt.bonus else attempt.max_points)
    return tuple(
        Total(submitter=submitter, points=points, max_points=most) for submitter, (points, most) in sums.items()
    )


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
