"""What another process or machine needs to grade exactly as this one does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An exercise file: its id, what stands in it, and the digest that the exercise must turn out to have."""

    id: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Of it, and of nothing else, a grader is made that gives the same attempts wherever it is.

    `versions` are those of a report's header; who has others must refuse. `limits` are the assignment's. An empty
    `language` leaves texts in all their languages.
    """

    exercises: tuple[Sheet, ...]
    seed: str
    language: str
    isolation: str
    versions: Mapping[str, str]
    limits: Mapping[str, float] = field(default_factory=dict)
