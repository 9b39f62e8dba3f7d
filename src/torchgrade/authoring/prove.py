"""Everything executed: witnesses agree, right answers earn all, mistakes are caught and named, nothing earns 0."""

from __future__ import annotations

from collections.abc import Iterator

from torchgrade.authoring.agreement import agreement
from torchgrade.authoring.mistakes import wrongs
from torchgrade.authoring.proof import Proof, Tried
from torchgrade.authoring.rights import nothing, rights
from torchgrade.authoring.trial import Trial
from torchgrade.errors import FormulaError
from torchgrade.model.exercise import Exercise
from torchgrade.model.kinds import Sandbox

EXIST = "give the cases inputs for which the formulas have a value"


def prove(exercise: Exercise, sandbox: Sandbox, seed: str = "") -> Proof:
    """Run everything that an exercise says about itself; faults are Diagnostics at their places in its file."""
    trial = Trial.of(exercise, sandbox, seed)
    try:
        tried = tuple(_tried(trial))
    except FormulaError as error:
        otherwise = EXIST if error.code == "formula-domain" else f"torchgrade explain {error.code}"
        fault = trial.fault(error.code, error.message, (), error.hint or otherwise)
        return Proof(exercise=exercise.id, rows=(), faults=(fault,))
    faults = tuple(fault for each in tried for fault in each.faults)
    return Proof(exercise=exercise.id, rows=tuple(each.row for each in tried), faults=faults)


def _tried(trial: Trial) -> Iterator[Tried]:
    yield agreement(trial)
    yield from rights(trial)
    yield from wrongs(trial)
    yield nothing(trial)
