"""Outcomes: what a value check can look at, taken out of what was observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeGuard

from torchgrade.errors import FormulaError, TorchgradeError
from torchgrade.formula.evaluate import Scope, evaluate, scope_of, target
from torchgrade.formula.parse import parse
from torchgrade.formula.scope import names
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Spec, Type
from torchgrade.model.finding import Evidence
from torchgrade.model.observation import Derivatives, Incident, IncidentKind, Snapshot
from torchgrade.model.probe import Probe
from torchgrade.model.said import said
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Scalar, ScalarType, Tensor, Value
from torchgrade.numeric.arrays import kind_of
from torchgrade.numeric.compare import as_declared
from torchgrade.numeric.structure import unpack
from torchgrade.numeric.tolerance import EPS

NOTHING = Scalar(type=ScalarType.NONE, value=None)
NOT_RUN = Incident(kind=IncidentKind.NOT_RUN, message=said("Nothing was measured here."))
BAD_REPLY = Incident(kind=IncidentKind.BAD_REPLY, message=said("An answer of another kind than was asked for."))


def is_outcome(name: str, exercise: Exercise) -> bool:
    """True for a returned name, `<parameter>.grad` and `<parameter>.after`; anything else is a formula."""
    parameter, dot, what = name.rpartition(".")
    return name in exercise.returns or (bool(dot) and parameter in exercise.parameters and what in ("grad", "after"))


def snapshot_of(evidence: Evidence, probe: Probe) -> Snapshot | Incident:
    """What a value probe measured, or what stopped it."""
    observed = evidence.observed.get(probe, NOT_RUN)
    return BAD_REPLY if isinstance(observed, Derivatives) else observed


def derivatives_of(evidence: Evidence, probe: Probe) -> Derivatives | Incident:
    """What a gradient probe measured, or what stopped it."""
    observed = evidence.observed.get(probe, NOT_RUN)
    return BAD_REPLY if isinstance(observed, Snapshot) else observed


def observed_outcomes(snapshot: Snapshot, exercise: Exercise) -> Mapping[str, Value] | str:
    """Every outcome that was observed (None is a value too), or what is wrong with what was returned."""
    returned = unpack(snapshot.returned, tuple(exercise.returns), exercise.entrypoint)
    if isinstance(returned, str):
        return returned
    outcomes = dict(returned)
    for name, value in snapshot.after.items():
        outcomes[f"{name}.after"] = value
        grad = value.grad if isinstance(value, Tensor) else None
        outcomes[f"{name}.grad"] = NOTHING if grad is None else grad
    return outcomes


def value_of(formula: str, outcomes: Mapping[str, Value], exercise: Exercise, case: Case) -> Value:
    """A formula over what was observed; raises FormulaError if it cannot be computed from that."""
    return evaluate(parse(formula), with_values(scope_of(exercise, case), outcomes))


def sizes_of(spec: Spec, exercise: Exercise, case: Case) -> tuple[int | None, ...] | None:
    """What `returns` says of a result's shape in this case; None where a name was not drawn, or any shape will do."""
    if spec.shape is None or "..." in spec.shape:
        return None
    return tuple(_size(size, exercise, case) for size in spec.shape)


def _size(size: str, exercise: Exercise, case: Case) -> int | None:
    try:
        found = as_declared(evaluate(parse(size), scope_of(exercise, case)), Type.INT)
    except FormulaError:
        return None
    return found.value if isinstance(found, Scalar) and isinstance(found.value, int) else None


def target_of(formula: str, targets: Targets, exercise: Exercise, case: Case) -> Target:
    """A formula over the right results: exact where formulas say what they are."""
    node, scope = parse(formula), scope_of(exercise, case)
    formulas = {name: parse(text) for name, text in exercise.reference.formula.items() if name in exercise.returns}
    known = {name: each.value for name, each in targets.value.items() if name not in formulas}
    return target(node, with_values(replace(scope, lets={**scope.lets, **formulas}), known))


def with_values(scope: Scope, values: Mapping[str, Value]) -> Scope:
    """The scope with some names more (results, mostly)."""
    return replace(scope, values={**scope.values, **values})


def case_of(evidence: Evidence) -> Case:
    """The case a check is asked about."""
    if evidence.case is None:
        raise TorchgradeError("this check looks at cases and was given none")
    return evidence.case


def speaks(exercise: Exercise, case: Case, of: str) -> bool:
    """True if the file says what `of` should be in this case, so that there is something to compare with."""
    if exercise.reference.function is not None:
        return True
    known = {*exercise.reference.formula, *case.expected}
    if not of:
        return bool(known)
    needed = {of} if is_outcome(of, exercise) else names(parse(of)) & exercise.returns.keys()
    return needed <= known


def judged_dtype(case: Case) -> str:
    """The dtype whose rounding a right answer may show: the coarsest of the floating inputs, else torch's default."""
    floating = [value.dtype for value in case.inputs.values() if is_floating(value)]
    return max(floating, key=lambda dtype: EPS[dtype], default="float32")


def is_floating(value: Value) -> TypeGuard[Tensor]:
    """True for a tensor that can have a gradient."""
    return isinstance(value, Tensor) and kind_of(value.dtype) in ("float", "complex")
