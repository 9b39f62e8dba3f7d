"""Do right answers get full points, in float32 and in float64, and does doing nothing get none?"""

from __future__ import annotations

from collections.abc import Iterator

from torchgrade.authoring.forced import takes_floats
from torchgrade.authoring.proof import Row, RowKind, Tried
from torchgrade.authoring.scaffold import starter
from torchgrade.authoring.trial import Trial, as_submission, lost
from torchgrade.formula.source import solution
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.verdict import Verdict
from torchgrade.session import Session
from torchgrade.spec.document import Route
from torchgrade.writers.totals import shown

CODES = {RowKind.REFERENCE: "reference-rejected", RowKind.ACCEPTED: "accepted-rejected"}


def rights(trial: Trial) -> Iterator[Tried]:
    """The reference and every accepted answer, in each dtype that the cases leave open."""
    text = reference_text(trial.exercise)
    if text:
        yield from _right(trial, RowKind.REFERENCE, "", text, ("reference",))
    for index, accepted in enumerate(trial.exercise.accepted):
        name = accepted.name or f"answer {index + 1}"
        yield from _right(trial, RowKind.ACCEPTED, name, accepted.function, ("accepted", index))


def nothing(trial: Trial) -> Tried:
    """What students start from."""
    attempt = trial.natural.attempt(as_submission(starter(trial.exercise), "starter.py"), trial.exercise)
    row = Row(kind=RowKind.STARTER, holds=not attempt.points, result=_points(attempt))
    if row.holds:
        return Tried(row=row)
    fault = trial.fault("starter-earns", f"the starter earns {_points(attempt)}", ("starter",), "doing nothing earns 0")
    return Tried(row=row, faults=(fault,))


def reference_text(exercise: Exercise) -> str:
    """The reference as a file: its function, else the torch that its formulas say; empty if it has neither."""
    if exercise.reference.function:
        return exercise.reference.function
    return solution(exercise, exercise.reference.formula) if exercise.reference.formula else ""


def _right(trial: Trial, kind: RowKind, name: str, text: str, place: Route) -> Iterator[Tried]:
    submission = as_submission(text, f"{kind}.py")
    for dtype, session in _sessions(trial).items():
        attempt = session.attempt(submission, trial.exercise)
        holds = attempt.verdict is Verdict.ACCEPTED and attempt.points == attempt.max_points
        row = Row(kind=kind, name=name, dtype=dtype, holds=holds, result=_points(attempt))
        yield Tried(row=row, faults=() if holds else (_rejected(trial, row, attempt, place),))


def _sessions(trial: Trial) -> dict[str, Session]:
    cases = trial.natural.resolve(trial.exercise).cases
    return dict(trial.forced) if takes_floats(trial.exercise, cases) else {"": trial.natural}


def _rejected(trial: Trial, row: Row, attempt: Attempt, place: Route) -> Diagnostic:
    who = " ".join(
        word for word in (row.kind, f"`{row.name}`" if row.name else "", row.dtype and f"in {row.dtype}") if word
    )
    reasons = list(lost(attempt))
    code = "case-undecided" if attempt.verdict is Verdict.UNDECIDED else CODES[row.kind]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    message = f"the {who} earns {_points(attempt)}: {next(iter(reasons), attempt.verdict)}{more}"
    return trial.fault(code, message, place, f"torchgrade explain {code}")


def _points(attempt: Attempt) -> str:
    return f"{shown(attempt.points)} of {shown(attempt.max_points)} points"
