"""The likely cause of a failure: a pattern in the numbers, or a mistake that the author knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from torchgrade.grading.examine import Examined
from torchgrade.grading.pairs import Pair, pair_of
from torchgrade.grading.patterns import PATTERNS, Pattern
from torchgrade.model.said import said
from torchgrade.model.value import Record, Series, Tensor, Value
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.compare import same

ENOUGH = 2
"""So many different values must be expected before a pattern is more than chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A pattern that fits every failing case of a check."""

    name: str
    sentence: str
    help: str


def pattern(failures: Sequence[Examined]) -> Diagnosis | None:
    """The first pattern that fits all failures of one check in the same way; None if there is none."""
    pairs = [_pair(failure) for failure in failures]
    known = [pair for pair in pairs if pair is not None]
    if not known or len(known) < len(pairs) or sum(pair.distinct() for pair in known) < ENOUGH:
        return None
    if any(pair.equals(pair.expected) for pair in known):
        return None  # a dtype is wrong or rounding is coarse, and the numbers are no clue
    with np.errstate(all="ignore"):  # what a pattern makes of finite numbers need not be finite, and then fits nothing
        fitting = ((candidate, _agreed(candidate, known)) for candidate in PATTERNS)
        return next((_diagnosis(candidate, agreed[0]) for candidate, agreed in fitting if agreed), None)


def _diagnosis(candidate: Pattern, reading: str) -> Diagnosis:
    return Diagnosis(name=candidate.name, sentence=said(candidate.sentence, reading=reading), help=candidate.help)


def _agreed(candidate: Pattern, pairs: Sequence[Pair]) -> Sequence[str]:
    """The readings that all pairs share, in the order of the first; most patterns end at the first pair."""
    agreed = candidate.readings(pairs[0])
    for pair in pairs[1:]:
        if not agreed:
            break
        theirs = candidate.readings(pair)
        agreed = tuple(reading for reading in agreed if reading in theirs)
    return agreed


def _broken_alike(ours: Examined, theirs: Examined) -> bool:
    """Whether the same is said of two failures without a target, and of the same results."""
    if ours.judgement.rationale != theirs.judgement.rationale:
        return False
    first, second = ours.returned, theirs.returned
    if first is None or second is None:
        return first is second
    if ours.check.is_condition():
        return list(_memory(first)) == list(_memory(second))
    return same(first, second, ours.dtype)


def _memory(returned: Value) -> Iterator[tuple[int, bool, bool]]:
    """What the conditions on tensors are about."""
    match returned:
        case Tensor():
            yield returned.storage, returned.is_contiguous, returned.requires_grad
        case Series():
            yield from chain.from_iterable(map(_memory, returned.items))
        case Record():
            yield from chain.from_iterable(_memory(item) for _, item in returned.items)


def _pair(failure: Examined) -> Pair | None:
    mismatch = failure.judgement.mismatch
    if failure.case is None or mismatch is None:
        return None
    return pair_of(mismatch, failure.case, failure.dtype)


def recognise(examined: Sequence[Examined], mistaken: Sequence[Examined]) -> bool:
    """Whether a submission does what a mistake does: it passes and fails alike, and fails with the same results."""
    return len(examined) == len(mistaken) and all(
        ours.accepted == theirs.accepted and (ours.accepted or _alike(ours, theirs))
        for ours, theirs in zip(examined, mistaken, strict=True)
    )


def _alike(ours: Examined, theirs: Examined) -> bool:
    first, second = ours.judgement, theirs.judgement
    if first.incident is not None or second.incident is not None:
        stops = [(each.kind, each.exception) if each else None for each in (first.incident, second.incident)]
        return stops[0] == stops[1]
    if Verdict.UNDECIDED in (first.verdict, second.verdict):
        return first.verdict is second.verdict
    if first.mismatch is None or second.mismatch is None:
        is_rule = ours.check.kind == "rule"
        return first.mismatch is second.mismatch and (is_rule or _broken_alike(ours, theirs))
    found, known = first.mismatch, second.mismatch
    if found.observed is None or known.observed is None:
        return found.observed is known.observed and found.outcome == known.outcome
    return found.outcome == known.outcome and same(found.observed, known.observed, ours.dtype)
