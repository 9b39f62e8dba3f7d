"""Points, added up and rounded."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from torchgrade.model.finding import Attempt
from torchgrade.model.report import Total


def totals(attempts: Iterable[Attempt]) -> tuple[Total, ...]:
    """Each submitter's points over all attempts, in the order they first appear."""
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for attempt in attempts:
        points, most = sums.get(attempt.submitter, (Fraction(0), Fraction(0)))
        sums[attempt.submitter] = points + attempt.points, most + attempt.max_points
    return tuple(
        Total(submitter=submitter, points=points, max_points=most) for submitter, (points, most) in sums.items()
    )


def shown(points: Fraction) -> str:
    """Points for people: at most two decimals (`3`, `2.5`, `0.33`), never rounded up to more than was earned."""
    hundredths = points * 100 // 1
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
