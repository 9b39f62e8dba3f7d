"""The rows of every table as they are exported: fields are columns, free of how a table packs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, NewType, TypeAlias, get_type_hints

from torchgrade.errors import WireError
from torchgrade.model.finding import Attempt
from torchgrade.model.observation import Incident
from torchgrade.model.probe import Source
from torchgrade.model.verdict import Verdict
from torchgrade.store.attempts import is_fleeting, packed, unpacked
from torchgrade.store.columns import (
    Score,
    packed_problem,
    packed_scores,
    packed_source,
    unpacked_problem,
    unpacked_scores,
    unpacked_source,
)

Cell: TypeAlias = str | int | bytes | None
Key = NewType("Key", str)
_KEY_BYTES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """An attempt, which is nobody's."""

    key: Key
    verdict: Verdict
    content: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """What was handed in for an assignment."""

    digest: str
    content: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRow:
    """Who handed in what for an assignment. `id` is for the results that come after it."""

    id: int
    assignment: str
    submitter: str
    account: str = ""
    number: int = 0
    submitted: str = ""
    late: bool = False
    digest: str
    path: str
    problem: Incident | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A result of the submission with this id: scores of checks are name, verdict, points and what was possible."""

    submission: int
    exercise: str
    key: str
    verdict: Verdict
    points: Fraction
    max_points: Fraction
    checks: tuple[Score, ...]
    graded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRow:
    """A decision of a teacher's."""

    assignment: str
    submitter: str
    account: str = ""
    exercise: str = ""
    points: Fraction | None = None
    reason: str
    who: str
    decided: str


AnyRow: TypeAlias = AttemptRow | SourceRow | SubmissionRow | ResultRow | OverrideRow
ROWS: Mapping[str, type[AnyRow]] = {
    "attempts": AttemptRow,
    "book_sources": SourceRow,
    "book_submissions": SubmissionRow,
    "book_results": ResultRow,
    "book_overrides": OverrideRow,
}
"""Every table there is; a row comes after those that it refers to."""


class Packing(NamedTuple):
    """How fields of one type stand in a table."""

    pack: Callable[..., Cell]
    unpack: Callable[..., object]


def _packed_key(key: str) -> bytes:
    data = bytes.fromhex(key)
    if len(data) != _KEY_BYTES:
        raise WireError(f"a key has {2 * _KEY_BYTES} digits, and this one {len(key)}")
    return data


PACKINGS: Mapping[object, Packing] = {
    Key: Packing(_packed_key, bytes.hex),
    bool: Packing(int, bool),
    Verdict: Packing(str, Verdict),
    Fraction: Packing(str, Fraction),
    Fraction | None: Packing(lambda value: None if value is None else str(value), lambda text: text and Fraction(text)),
    Attempt: Packing(packed, unpacked),
    Source: Packing(packed_source, unpacked_source),
    Incident | None: Packing(packed_problem, unpacked_problem),
    tuple[Score, ...]: Packing(packed_scores, unpacked_scores),
}
_AS_IT_IS = Packing(lambda value: value, lambda cell: cell)


def packings(kind: type[AnyRow]) -> Mapping[str, Packing]:
    """By column, in the order of a row's fields."""
    return {name: PACKINGS.get(hint, _AS_IT_IS) for name, hint in get_type_hints(kind).items()}


def refuse(row: AnyRow) -> None:
    """Refuse a row that contradicts itself, or would never have been kept."""
    if isinstance(row, AttemptRow):
        if row.verdict is not row.content.verdict:
            raise WireError(f"the verdict of the attempt is {row.content.verdict}, and not {row.verdict}")
        if is_fleeting(row.content):
            raise WireError("time-outs and faults of the grader are not kept")
