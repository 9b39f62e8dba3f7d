"""What was handed in, after reading."""

from __future__ import annotations

from dataclasses import dataclass

from torchgrade.model.observation import Incident
from torchgrade.model.probe import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submitter's work. `problem` is set, and `source` empty, where it could not be read."""

    submitter: str
    path: str
    source: Source
    digest: str
    problem: Incident | None = None
