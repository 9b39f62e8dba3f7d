"""Do all the things that say what is right agree? Formula, function, literals; values and derivatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

import numpy as np

from torchgrade.checks.expressions import compare_expressions
from torchgrade.checks.value import ValueCheck
from torchgrade.formula.parse import parse
from torchgrade.formula.source import solution
from torchgrade.grading.plan import reference_plan
from torchgrade.grading.resolved import Resolved
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Python, Spec, Truth
from torchgrade.model.finding import Comparison, Stage
from torchgrade.model.observation import Incident, Observation
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Expression, Scalar, Series, Tensor, Value
from torchgrade.numeric.arrays import from_numpy, is_number, scalar_array, to_floats, to_numpy
from torchgrade.numeric.compare import as_declared, compare
from torchgrade.numeric.up_to import UpTo, closest_form
from torchgrade.references import REFERENCES
from torchgrade.references.formula import FormulaReference, answers
from torchgrade.references.function import FunctionReference
from torchgrade.session import Session

AGREE = (Stage.EQUAL, Stage.UNDECIDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two witnesses that differ about one outcome of one case."""

    case: str
    outcome: str
    first: str
    second: str
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Two witnesses beside each other in one case; a literal is only as exact as the case's dtype."""

    exercise: Exercise
    case: Case
    literal: bool

    def compare(self, outcome: str, one: Target, other: Target) -> Comparison:
        """What the first says, as if it had been observed, against the second."""
        if isinstance(one.value, Expression) and isinstance(other.value, Expression):
            return _turned(compare_expressions(other.value, one.value, self.exercise, self.case, parse))
        declared = self.exercise.returns.get(outcome, Spec()).type
        one, other = (replace(each, value=as_declared(each.value, declared)) for each in (one, other))
        target, value = _both(one, other), _wide(one.value)
        freedom = _freedom(self.exercise)
        if outcome in freedom:
            value = closest_form(value, target.value, freedom[outcome])
        return compare(value, target, None, self.case.dtype if self.literal else "float64")


def _turned(comparison: Comparison) -> Comparison:
    return replace(comparison, observed=comparison.expected, expected=comparison.observed)


Witnesses: TypeAlias = Mapping[Probe, Mapping[str, Targets]]
"""What each kind of reference says of each probe."""


def heard(session: Session, exercise: Exercise) -> Witnesses:
    """Every witness asked, even where a more exact one has answered."""
    resolved = session.resolve(exercise)
    measured = _measured(session, exercise, resolved)
    by_name = {case.name: case for case in resolved.cases}
    others = [each for each in REFERENCES if not isinstance(each, FormulaReference)]
    return {
        probe: {
            FormulaReference.kind: _of_formula(exercise, by_name[probe.case], probe, truth),
            **{each.kind: each.targets(exercise, by_name[probe.case], probe, measured) for each in others},
        }
        for probe, truth in resolved.truth.items()
    }


def _of_formula(exercise: Exercise, case: Case, probe: Probe, truth: Targets) -> Targets:
    """What the formulas say: the truth, where they speak at all, is theirs, and it takes long to compute it again."""
    if case.raises is not None or (probe.op is ProbeOp.GRADIENT and not answers(exercise, case, probe)):
        return Targets(value={})
    if probe.op is ProbeOp.GRADIENT:
        return truth
    return Targets(value={name: said for name, said in truth.value.items() if name in exercise.reference.formula})


def _measured(session: Session, exercise: Exercise, resolved: Resolved) -> Mapping[Probe, Observation | Incident]:
    plan = reference_plan(exercise, resolved.cases, resolved.plan.probes, every=True)
    return session.reference(exercise, plan)


def speakers(witnesses: Witnesses) -> frozenset[str]:
    """The kinds of witness that say anything at all."""
    return frozenset(kind for said in witnesses.values() for kind, targets in said.items() if targets.value)


def disagreements(exercise: Exercise, cases: tuple[Case, ...], witnesses: Witnesses) -> Iterator[Disagreement]:
    """Where witnesses differ: the first place of each pair in each case."""
    by_name = {case.name: case for case in cases}
    for probe, said in witnesses.items():
        for (first, one), (second, other) in combinations(said.items(), 2):
            beside = Beside(exercise=exercise, case=by_name[probe.case], literal="expected" in (first, second))
            found = next(_differences(beside, one, other), None)
            if found:
                outcome, comparison = found
                called = outcome if probe.op is ProbeOp.VALUE else f"the derivative of order {probe.order} in {outcome}"
                yield Disagreement(case=probe.case, outcome=called, first=first, second=second, comparison=comparison)


def misreadings(session: Session, exercise: Exercise, witnesses: Witnesses) -> Iterator[Disagreement]:
    """Where the formula to 50 digits differs from the same formula run by torch in float64, derivatives included."""
    formula = exercise.reference.formula
    part = replace(exercise, returns={name: spec for name, spec in exercise.returns.items() if name in formula})
    if not formula or exercise.call or bool(exercise.returns) > bool(part.returns):
        return
    resolved = session.resolve(exercise)
    by_name = {case.name: case for case in resolved.cases}
    twin = replace(part, reference=Truth(formula=formula, function=Python(solution(part, formula))))
    measured = _measured(session, twin, resolved)
    beside = {
        probe: {
            FormulaReference.kind: said[FormulaReference.kind],
            "torch": FunctionReference().targets(twin, by_name[probe.case], probe, measured),
        }
        for probe, said in witnesses.items()
        if probe.op is ProbeOp.VALUE or not exercise.reference.gradient
    }
    yield from disagreements(exercise, resolved.cases, beside)


def _freedom(exercise: Exercise) -> Mapping[str, UpTo]:
    """The outcomes that may come in several forms, as the checks of their values say."""
    forms: dict[str, UpTo] = {}
    for check in exercise.checks:
        if isinstance(check, ValueCheck) and check.up_to:
            forms |= dict.fromkeys([check.of] if check.of else exercise.returns, check.up_to)
    return forms


def _differences(beside: Beside, one: Targets, other: Targets) -> Iterator[tuple[str, Comparison]]:
    """The outcomes that both speak of and differ about."""
    for said, contested in ((one.value, other.value), (one.full, other.full)):
        for outcome in [outcome for outcome in said if outcome in contested]:
            comparison = beside.compare(outcome, said[outcome], contested[outcome])
            if comparison.stage not in AGREE:
                yield outcome, comparison


def _both(first: Target, second: Target) -> Target:
    """What the second says, with the errors of both: neither knows better than its own error."""
    return replace(
        second,
        value=_wide(second.value),
        scale=max(first.scale, second.scale),
        condition=max(first.condition, second.condition),
        amplified=max(first.amplified, second.amplified),
        error=first.error + second.error,
    )


def _wide(value: Value) -> Value:
    """Numbers as float64 or complex128, rows of numbers as tensors: 3 and 3.0, [4] and torch.Size([4]) are the same."""
    if isinstance(value, Tensor):
        return from_numpy(to_floats(to_numpy(value)))
    if isinstance(value, Scalar) and is_number(value):
        return from_numpy(to_floats(scalar_array(value)))
    if isinstance(value, Series):
        numbers = [item for item in value.items if isinstance(item, Scalar) and is_number(item)]
        if len(numbers) == len(value.items):
            return from_numpy(np.array([to_floats(scalar_array(number)) for number in numbers], dtype=np.float64))
        return replace(value, items=tuple(_wide(item) for item in value.items))
    return value
