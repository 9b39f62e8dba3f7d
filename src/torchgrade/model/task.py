"""What an executor is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from torchgrade.model.finding import Attempt
from torchgrade.model.observation import Exceeded
from torchgrade.model.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One submission, and the ids of the exercises to grade it against, in order."""

    submission: Submission
    exercises: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What an attempt took: it goes to `measurements.jsonl`, never into a report."""

    submitter: str
    exercise: str
    seconds: Mapping[str, float]
    exceeded: Mapping[str, Exceeded]
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A finished Task: an Attempt for each of its exercises, in order, and what they took."""

    task: Task
    attempts: tuple[Attempt, ...]
    measurements: tuple[Measurement, ...]


Grader: TypeAlias = Callable[[Task], Done]
"""Grades one task; threads may share it. Raises IsolationError only."""
