"""What a check is called, what it is worth, where it looks and what it says: the fields of every kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from torchgrade.model.exercise import described
from torchgrade.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """The fields that checks of every kind have."""

    name: str = field(default="", metadata=described("Unique within the exercise; `kind`, `kind-2`, … if absent."))
    points: float = field(default=1.0, metadata=described("What it is worth.", minimum=0))
    cases: tuple[str, ...] = field(
        default=(),
        metadata=described("Names of cases; absent: all that no other check of this kind and `of` names."),
    )
    partial: bool = field(
        default=False, metadata=described("Share the points equally among the cases, instead of all or nothing.")
    )
    required: bool = field(default=False, metadata=described("Unless it passes, the exercise earns nothing."))
    says: Text = field(default=Text(), metadata=described("What is wrong when it fails, for the student."))
    help: Text = field(default=Text(), metadata=described("What to try when it fails."))
