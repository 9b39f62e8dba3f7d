"""A regrade as people read it: who changes, from what to what, and because of which check.

Points are cut to two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from torchgrade.grading.changes import Cause, Change, Summary
from torchgrade.model.history import CheckScore
from torchgrade.writers.escape import line
from torchgrade.writers.terminal import table
from torchgrade.writers.totals import shown
from torchgrade.writers.words import words

FEW = 3


def changes(found: Iterable[Change]) -> str:
    """A row for each cause; the student and the points stand in the first."""
    return table(("student", "before", "after", "change", "because of"), (each for one in found for each in _rows(one)))


def told(summary: Summary) -> str:
    """`12 of 60 change: 9 up, 3 down; because of gradient of linalg/solve`."""
    students = f"{summary.students} student{'' if summary.students == 1 else 's'}"
    if not summary.changed:
        return f"none of {students} changes"
    same = summary.changed - summary.up - summary.down
    ways = [f"{summary.up} up", f"{summary.down} down", *([f"{same} with the same total"] if same else [])]
    causes = [f"{check} of {exercise}" for exercise, check in summary.causes]
    more = f" and {len(causes) - FEW} more" if len(causes) > FEW else ""
    because = f"; because of {', '.join(causes[:FEW])}{more}" if causes else ""
    verb = "changes" if summary.changed == 1 else "change"
    return f"{summary.changed} of {students} {verb}: {', '.join(ways)}{because}"


def _rows(change: Change) -> Iterator[tuple[str, ...]]:
    effect = f"{'+' if change.effect > 0 else '-'}{shown(abs(change.effect))}" if change.effect else "0"
    points = (line(change.before.submitter), shown(change.before.total), shown(change.after.total), effect)
    reasons = [*(_cause(cause) for cause in change.causes), *_circumstances(change)]
    for number, reason in enumerate(reasons or ["the points of the exercise"]):
        yield (*(points if number == 0 else ("", "", "", "")), reason)


def _cause(cause: Cause) -> str:
    return f"{cause.check} of {cause.exercise}: {_score(cause.before)} → {_score(cause.after)}"


def _score(score: CheckScore | None) -> str:
    return f"{words(score.verdict)} {shown(score.points)}/{shown(score.max_points)}" if score else "none"


def _circumstances(change: Change) -> Iterator[str]:
    """What else is to be known: another submission counts, or a teacher decided."""
    before, after = change.before.counted, change.after.counted
    if before and after and before.row != after.row:
        yield f"submission {after.place} counts, in place of {before.place}"
    changed = {"", *(cause.exercise for cause in change.causes)}
    decided = [each.exercise or "in all" for each in change.after.overrides if each.exercise in changed]
    if decided:
        yield f"what was decided stays: {', '.join(decided)}"
