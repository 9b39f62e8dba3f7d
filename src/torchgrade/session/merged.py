"""Reports of parts of a class as the report of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from heapq import merge
from itertools import repeat
from typing import Protocol

from torchgrade.errors import ReportError
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header

_ALIKE = "grade all parts with the same exercises, --seed, --isolation and versions"


class Part(Protocol):
    """The report of a part: attempts in the order submitter, exercise, as often as wanted."""

    @property
    def header(self) -> Header: ...

    def __iter__(self) -> Iterator[Attempt]: ...


@dataclass(frozen=True, slots=True)
class Merged:
    """Attempts of several reports in the order submitter, exercise; a ReportError if they do not belong together."""

    parts: Sequence[Part]

    @property
    def header(self) -> Header:
        """The header that all of them have."""
        first, *others = (part.header for part in self.parts)
        for other in others:
            differing = [each.name for each in fields(Header) if getattr(first, each.name) != getattr(other, each.name)]
            if differing:
                raise ReportError(
                    f"these reports were not made alike: they differ in {', '.join(differing)}", hint=_ALIKE
                )
        return first

    def __iter__(self) -> Iterator[Attempt]:
        streams = (zip(repeat(number), part) for number, part in enumerate(self.parts))
        last, owner = "", -1
        digests: dict[str, str] = {}
        for number, attempt in merge(*streams, key=lambda numbered: numbered[1].submitter):
            if attempt.submitter == last and number != owner:
                raise ReportError(f"{last} is in more than one of these reports", hint="give each part once")
            if digests.setdefault(attempt.exercise, attempt.exercise_digest) != attempt.exercise_digest:
                raise ReportError(
                    f"these reports were not made alike: they differ in the exercise {attempt.exercise}", hint=_ALIKE
                )
            last, owner = attempt.submitter, number
            yield attempt
