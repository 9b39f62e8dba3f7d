"""What is written into a platform's file, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from torchgrade.writers.escape import line

_SHOWN = 8
"""So many names are told; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What one submitter gets, in our points. `account` is the platform's id for them, or empty.

    `comment` goes where the platform takes one (Moodle's feedback comments); empty leaves what is there.
    """

    submitter: str
    account: str = ""
    points: Fraction
    max_points: Fraction
    comment: str = ""

    @property
    def name(self) -> str:
        """The submitter without the account that tells two of one name apart: `Wei Zhang (4711)`."""
        return self.submitter.removesuffix(f" ({self.account})") if self.account else self.submitter

    @property
    def called(self) -> str:
        """How messages call them."""
        return f"{self.name} ({self.account})" if self.account else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The platform's file with grades in it; every cell that is not ours has the bytes it had.

    `filled` counts the cells written. Who is left over, by name: `unmatched` have a grade and no row, `ambiguous` fit
    several rows or share one, and got nothing; `ungraded` have a row and no grade; `kept` have a row that the platform
    has closed (excused, not assigned). `notes` are sentences about the whole: scaling, the column.
    """

    content: bytes
    platform: str
    column: str
    filled: int
    unmatched: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    ungraded: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """All of it for a screen, a line each."""
        yield f"filled {self.filled} grade{'' if self.filled == 1 else 's'} into {line(self.column)}"
        yield from map(line, self.notes)
        for said, names in (
            ("graded, but not in the file", self.unmatched),
            ("not filled, because it is not clear who is meant", self.ambiguous),
            ("in the file, but without a grade", self.ungraded),
            ("left as they are, because the platform says so", self.kept),
        ):
            if names:
                yield f"{said}: {listed(names)}"


def listed(names: tuple[str, ...]) -> str:
    """`Ada, Ben and 3 more`, harmless on a screen."""
    shown = ", ".join(map(line, names[:_SHOWN]))
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
