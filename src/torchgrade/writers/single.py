"""Formats of platforms that ask about one submission: the attempts of its submitter, or a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby

from torchgrade.errors import UsageError
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Total
from torchgrade.writers.escape import line
from torchgrade.writers.totals import totals


def of_one(kind: str, attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """All attempts of the one submitter there is. Raises UsageError if there are several."""
    people = groupby(attempts, key=lambda attempt: attempt.submitter)
    own = tuple(next(people, ("", ()))[1])
    other = next(people, None)
    if other is not None:
        raise UsageError(
            f"{kind} takes the results of one submitter, and these are of several: "
            f"{line(own[0].submitter)}, {line(other[0])}, …",
            hint=f"grade … --only SUBMITTER --format {kind} for each; for a class, --format csv or gradebook --fill",
        )
    return own


def total_of(own: tuple[Attempt, ...]) -> Total:
    """The sum of one submitter; of nobody it is nothing."""
    return next(iter(totals(own)), Total(submitter="", points=Fraction(0), max_points=Fraction(0)))
