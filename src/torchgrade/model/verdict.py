"""The closed, ordered list of verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Verdict(StrEnum):
    """How a case, a check or an attempt ended; the order is from best to worst."""

    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    UNDECIDED = "undecided"
    RULE_VIOLATION = "rule_violation"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    OUTPUT_LIMIT_EXCEEDED = "output_limit_exceeded"
    MEMORY_LIMIT_EXCEEDED = "memory_limit_exceeded"
    TIME_LIMIT_EXCEEDED = "time_limit_exceeded"
    INVALID_SUBMISSION = "invalid_submission"
    JUDGE_ERROR = "judge_error"

    @property
    def rank(self) -> int:
        """0 for the best verdict, growing with how bad it is."""
        return _RANKS[self]


_RANKS: Mapping[Verdict, int] = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; `accepted` if there are none."""
    return max(verdicts, key=lambda verdict: verdict.rank, default=Verdict.ACCEPTED)
