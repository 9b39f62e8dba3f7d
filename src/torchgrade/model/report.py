"""What a report says beside its attempts; both are the only things writers see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from torchgrade.model.text import FALLBACK, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedForm:
    """A right answer as LaTeX: of an outcome, or of its derivative `wrt` a parameter, element by element."""

    of: str
    wrt: str = ""
    latex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an exercise says to people, in every language it is written in.

    `task` and `hints` are Markdown. `formulas` are right answers: whoever has not found them yet is not to see them.
    """

    exercise: str
    title: Text
    task: Text
    entrypoint: str
    points: Fraction
    formulas: tuple[ClosedForm, ...] = ()
    hints: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Versions, seed and isolation level of a run: everything the attempts depend on, and no time.

    `exercises` are its exercises, for reports that show the task; `language` is the reader's, and `assignment` the id
    of the one that was graded, if it was one.
    """

    versions: Mapping[str, str]
    isolation: str
    seed: str
    exercises: tuple[Statement, ...] = ()
    language: str = FALLBACK
    assignment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A submitter's points over all exercises."""

    submitter: str
    points: Fraction
    max_points: Fraction
