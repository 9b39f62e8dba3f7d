"""Do all the things that say what is right agree? Formula, function, literals; values and derivatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

from torchgrade.checks.expressions import compare_expressions
from torchgrade.checks.value import ValueCheck
from torchgrade.formula.source import solution
from torchgrade.grading.plan import reference_plan
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Python, Truth
from torchgrade.model.finding import Comparison, Stage
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Expression, Scalar, Series, Tensor, Value
from torchgrade.numeric.arrays import from_numpy, is_number, scalar_array, to_floats, to_numpy
from torchgrade.numeric.compare import compare
from torchgrade.numeric.up_to import UpTo, closest_form
from torchgrade.references import REFERENCES
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
            return _turned(compare_expressions(other.value, one.value, self.exercise, self.case))
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
    probes, by_name = resolved.plan.probes, {case.name: case for case in resolved.cases}
    measured = session.reference(exercise, reference_plan(exercise, resolved.cases, probes, every=True))
    return {
        probe: {each.kind: each.targets(exercise, by_name[probe.case], probe, measured) for each in REFERENCES}
        for probe in probes
    }


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


def misreadings(session: Session, exercise: Exercise) -> Iterator[Disagreement]:
    """Where the formula to 50 digits differs from the same formula run by torch in float64, derivatives included."""
    if not exercise.reference.formula or exercise.call:
        return
    twin = _read_by_torch(exercise)
    yield from disagreements(twin, session.resolve(twin).cases, heard(session, twin))


def _read_by_torch(exercise: Exercise) -> Exercise:
    """The exercise with its formula's torch source as the reference function, and no other witness."""
    formula = exercise.reference.formula
    return replace(
        exercise,
        digest=f"{exercise.digest}-read-by-torch",
        reference=Truth(formula=formula, function=Python(solution(exercise, formula))),
        cases=tuple(replace(group, expected={}) for group in exercise.cases),
        checks=tuple(check for check in exercise.checks if not exercise.reference.gradient or check.kind != "gradient"),
    )


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
    """Numbers as float64 or complex128: a literal 3 and a formula's 3.0 say the same."""
    if isinstance(value, Tensor):
        return from_numpy(to_floats(to_numpy(value)))
    if isinstance(value, Scalar) and is_number(value):
        return from_numpy(to_floats(scalar_array(value)))
    if isinstance(value, Series):
        return replace(value, items=tuple(_wide(item) for item in value.items))
    return value
