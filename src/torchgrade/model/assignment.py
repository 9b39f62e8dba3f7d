"""An assignment as it stands in its YAML file: exercises, their weights, when it is due and what counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from torchgrade.model.exercise import described
from torchgrade.model.text import Text

GROUPS = ("submitter", "account", "number", "submitted", "late", "file")
"""What a pattern of file names may name its parts."""


class Keep(StrEnum):
    """Which of several submissions of one submitter counts."""

    BEST = "best"
    LAST = "last"


class Hidden(StrEnum):
    """What students are told of hidden cases."""

    NOTHING = "nothing"
    VERDICT = "verdict"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One exercise of an assignment. Bare text is its id, with its own points."""

    exercise: str = field(metadata=described("Its id in the bank.", minLength=1))
    points: float | None = field(
        default=None, metadata=described("What it is worth here; its own points if absent.", exclusiveMinimum=0)
    )
    bonus: bool = field(default=False, metadata=described("True: it adds points and none to the sum that is possible."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Up to so many days after the due date, such a share of the points is kept."""

    days: float = field(metadata=described("Days after the due date, a part of a day too.", exclusiveMinimum=0))
    keeps: float = field(metadata=described("The share of the points that is kept.", minimum=0, maximum=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What counts, and what students are told."""

    attempts: int | None = field(
        default=None, metadata=described("How many submissions count, the first ones; all if absent.", minimum=1)
    )
    keep: Keep = field(default=Keep.LAST, metadata=described("Which of them counts."))
    hints_after: int | None = field(
        default=None,
        metadata=described(
            "From this submission on, reports of work that is not right give a hint, and one more each time; "
            "none if absent.",
            minimum=1,
        ),
    )
    hidden: Hidden = field(default=Hidden.FEEDBACK, metadata=described("What students are told of hidden cases."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One assignment file, `exercises/assignments/<id>.yaml`."""

    id: str = field(metadata=described("The file's name without its suffix.", derived=True))
    path: str = field(default="", metadata=described("The file.", derived=True))
    title: Text
    exercises: tuple[Item, ...] = field(metadata=described("Ids, or ids with points.", minItems=1))
    due: str = field(
        default="", metadata=described("When it is due, with an offset: 2027-01-15T23:59:00+08:00.", minLength=1)
    )
    late: tuple[Late, ...] = field(
        default=(), metadata=described("What late work keeps; nothing after the last, and everything if absent.")
    )
    policy: Policy = field(default_factory=Policy)
    seed: str = field(default="", metadata=described("The secret that draws hidden inputs.", minLength=1))
    files: tuple[str, ...] = field(
        default=(), metadata=described("Names or patterns of modules and data that may be handed in beside the code.")
    )
    imports: tuple[str, ...] = field(
        default=(), metadata=described("Modules that may be imported; any that are there if absent.")
    )
    pattern: str = field(
        default="",
        metadata=described(
            "A regular expression with (?P<submitter>…) for file names of no known platform.", minLength=1
        ),
    )
    limits: Mapping[str, float] = field(
        default_factory=dict, metadata=described("Limits for all its exercises; those that are absent are theirs.")
    )
