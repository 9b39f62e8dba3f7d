"""What an assignment makes of its exercises: their points, bonuses and limits. Exact and pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from torchgrade.grading.score import exact
from torchgrade.model.assignment import Assignment, Item
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt, CheckResult


def worth(item: Item, exercise: Exercise) -> Fraction:
    """What an exercise is worth in an assignment: what that says, else the sum of its checks."""
    if item.points is not None:
        return exact(item.points)
    return sum((exact(check.points) for check in exercise.checks), Fraction(0))


def worths(assignment: Assignment, exercises: Iterable[Exercise]) -> Mapping[str, Fraction]:
    """What each exercise of an assignment is worth, in its order."""
    known = {exercise.id: exercise for exercise in exercises}
    return {item.exercise: worth(item, known[item.exercise]) for item in assignment.exercises}


def weighed(attempt: Attempt, item: Item) -> Attempt:
    """The attempt with the points that the assignment gives: check by check, so that all sums agree.

    Checks that are worth nothing together cannot share points out; then they stay worth nothing.
    """
    if item.points is None or not attempt.max_points:
        return replace(attempt, bonus=item.bonus)
    factor = exact(item.points) / attempt.max_points
    checks = tuple(_times(factor, check) for check in attempt.checks)
    points, most = factor * attempt.points, factor * attempt.max_points
    return replace(attempt, points=points, max_points=most, checks=checks, bonus=item.bonus)


def limited(exercise: Exercise, assignment: Assignment) -> Exercise:
    """The exercise under the assignment's limits. Its digest is another then: what took too long may not any more."""
    if not assignment.limits:
        return exercise
    limits = replace(exercise.limits, **assignment.limits)  # type: ignore[arg-type] # typed by the schema
    if limits == exercise.limits:
        return exercise
    text = json.dumps([exercise.digest, dict(assignment.limits)], sort_keys=True)
    return replace(exercise, limits=limits, digest=hashlib.sha256(text.encode("utf-8")).hexdigest())


def _times(factor: Fraction, check: CheckResult) -> CheckResult:
    return replace(check, points=factor * check.points, max_points=factor * check.max_points)
