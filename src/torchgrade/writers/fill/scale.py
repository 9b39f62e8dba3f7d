"""Our points in the platform's: an assignment may be worth something else there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from torchgrade.writers.fill.grade import Grade
from torchgrade.writers.totals import shown


def scaled(grade: Grade, most: Fraction | None) -> Fraction:
    """The grade's share of the platform's maximum; as it is, if either side does not say what it is out of."""
    return grade.points * most / grade.max_points if most and grade.max_points else grade.points


def notes(grades: Iterable[Grade], most: Fraction | None) -> Iterator[str]:
    """What the teacher should know of the maxima, in sentences."""
    given = list(grades)
    ours = sorted({grade.max_points for grade in given})
    if not most:
        yield "the file does not say out of how many points the assignment is, so nothing was scaled"
    elif ours and not any(ours):
        yield "the assignment asks for nothing but bonuses, so nothing was scaled"
    elif any(each != most for each in ours):
        yield f"scaled, because the maximum is {', '.join(map(shown, ours))} here and {shown(most)} there"
    above = sum(1 for grade in given if grade.points > grade.max_points)
    if above:
        yield f"{above} grade{' is' if above == 1 else 's are'} above the maximum, which not every platform takes"
