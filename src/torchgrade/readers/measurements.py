"""A `measurements.jsonl` that was written beside a report: what each attempt took, as often as wanted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from torchgrade.model.observation import Exceeded
from torchgrade.model.task import Measurement

LONGEST = 2**20
"""Characters of a line; what is longer is none of ours."""


@dataclass(frozen=True, slots=True)
class Measurements:
    """Those of a file. What cannot be read is left out: a report is none the worse without them."""

    path: Path

    def __iter__(self) -> Iterator[Measurement]:
        try:
            stream = self.path.open(encoding="utf-8", errors="replace")
        except OSError:
            return
        with stream:
            while line := stream.readline(LONGEST):
                try:
                    found = _measurement(json.loads(line))
                except (ValueError, TypeError, AttributeError, RecursionError):
                    continue
                if found is not None:
                    yield found


def _measurement(told: Mapping[str, object]) -> Measurement | None:
    """The measurement on a line; other lines are about the machine."""
    submitter, exercise = told.get("submitter"), told.get("exercise")
    if not isinstance(submitter, str) or not isinstance(exercise, str):
        return None
    return Measurement(
        submitter=submitter,
        exercise=exercise,
        seconds={case: float(number) for case, number in _mapping(told, "seconds").items()},  # type: ignore[arg-type]
        exceeded={case: Exceeded(**limit) for case, limit in _mapping(told, "exceeded").items()},  # type: ignore[arg-type]
        peak_bytes=int(told.get("peak_bytes", 0)),  # type: ignore[call-overload]
    )


def _mapping(told: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = told.get(name, {})
    return found if isinstance(found, dict) else {}
