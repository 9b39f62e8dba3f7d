"""The float64 reading of a formula beside the exact one: what every exercise with a formula can be checked by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from torchgrade.authoring.witnesses import Disagreement, Witnesses, disagreements
from torchgrade.formula.approximate import approximate
from torchgrade.formula.evaluate import scope_of
from torchgrade.formula.parse import parse
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.probe import ProbeOp
from torchgrade.model.target import Targets
from torchgrade.model.value import Tensor


def misrounded(exercise: Exercise, cases: tuple[Case, ...], witnesses: Witnesses) -> Iterator[Disagreement]:
    """Where a formula read in float64 is farther from its 50 digits than rounding explains."""
    by_name = {case.name: case for case in cases}
    beside = {
        probe: {"formula": said["formula"], "float64": _in_float64(exercise, by_name[probe.case], said["formula"])}
        for probe, said in witnesses.items()
        if probe.op is ProbeOp.VALUE
    }
    yield from disagreements(exercise, cases, beside)


def _in_float64(exercise: Exercise, case: Case, exact: Targets) -> Targets:
    """The same outcomes from the other reading, allowed the same rounding."""
    scope, formulas = scope_of(exercise, case), exercise.reference.formula
    return Targets(
        value={
            outcome: replace(target, value=approximate(parse(formulas[outcome]), scope))
            for outcome, target in exact.value.items()
            if outcome in formulas and isinstance(target.value, Tensor)
        }
    )
