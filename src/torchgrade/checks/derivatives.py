"""What a gradient check differentiates, and where it had better not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

import numpy as np

from torchgrade.checks.outcomes import judged_dtype, with_values
from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import Scope, distance_to_kink, evaluate, gradient_targets, scope_of
from torchgrade.formula.parse import parse
from torchgrade.formula.scope import names
from torchgrade.formula.tree import Call, Name
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Spec, Type
from torchgrade.model.probe import Probe
from torchgrade.model.value import Scalar, Tensor, Value
from torchgrade.numeric.arrays import Array, from_numpy, is_dtype, kind_of, scalar_array, to_floats, to_numpy
from torchgrade.numeric.tape import read

CLOSE = 1e-5
"""Nearer than this to a kink, rounding may put an answer on its other side."""
_SIDES = 6
_NUDGE = 2.0**-40
_UPSTREAM = "grad_output"


def floating_results(exercise: Exercise, case: Case) -> tuple[str, ...]:
    """The results that can be differentiated."""
    return tuple(
        name for name, spec in exercise.returns.items() if _may_float(spec) and _does_float(name, exercise, case)
    )


def _may_float(spec: Spec) -> bool:
    kinds = {kind_of(word) if is_dtype(word) else word for word in spec.dtype}
    return spec.type in (None, Type.TENSOR) and (not kinds or bool(kinds & {"float", "complex"}))


def _does_float(name: str, exercise: Exercise, case: Case) -> bool:
    """What the formula says; without one the result is taken to be floating."""
    text = exercise.reference.formula.get(name)
    if text is None or len(exercise.returns) == 1:
        return True
    value = evaluate(parse(text), scope_of(exercise, case))
    return isinstance(value, Tensor) and kind_of(value.dtype) in ("float", "complex")


def is_kinked(of: tuple[str, ...], wrt: tuple[str, ...], exercise: Exercise, case: Case) -> bool:
    """Whether the case lies where a formula has no derivative, and none is declared."""
    if set(wrt) <= exercise.reference.gradient.keys():
        return False
    scope = with_formulas(exercise, case)
    nodes = [parse(exercise.reference.formula.get(name, name)) for name in of]
    known = {*scope.values, *scope.lets}
    return any(distance_to_kink(node, scope) < CLOSE for node in nodes if names(node) <= known)


def with_formulas(exercise: Exercise, case: Case) -> Scope:
    """The case's scope, in which results mean their formulas."""
    scope = scope_of(exercise, case)
    formulas = {name: parse(text) for name, text in exercise.reference.formula.items() if name in exercise.returns}
    return replace(scope, lets={**scope.lets, **formulas})


def seeds(formula: str, exercise: Exercise, case: Case, tape: tuple[int, ...]) -> tuple[tuple[str, Tensor], ...]:
    """The gradient of <tape, formula> with respect to each result in the formula, at the right results.

    It is rounded to the coarsest dtype it will meet, so that everyone multiplies with the same numbers.
    """
    node, scope = parse(formula), scope_of(exercise, case)
    used = [name for name in exercise.returns if name in names(node)]
    unknown = [name for name in used if name not in exercise.reference.formula]
    if unknown:
        message = f"the gradient of {formula} needs the formula of {' and '.join(unknown)} in `reference`"
        raise FormulaError(message, code="gradient-of", end=len(formula), hint="give `reference` that formula")
    inner = with_values(scope, {name: evaluate(parse(exercise.reference.formula[name]), scope) for name in used})
    shape = _array(evaluate(node, inner)).shape
    weights = from_numpy(np.array(read(tape, 0, prod(shape)), dtype=np.float64).reshape(shape))
    inner = with_values(inner, {_UPSTREAM: weights})
    dtype = judged_dtype(case)
    gradients = {name: Call("vjp", (node, Name(name), Name(_UPSTREAM))) for name in used}
    return tuple((name, _rounded(_array(evaluate(each, inner)), dtype)) for name, each in gradients.items())


def _array(value: Value) -> Array:
    if isinstance(value, Tensor):
        return to_numpy(value)
    return scalar_array(value) if isinstance(value, Scalar) else np.zeros(0)


def _rounded(array: Array, dtype: str) -> Tensor:
    """The array with the precision of `dtype`, in the widest floating dtype."""
    coarse = "complex64" if array.dtype.kind == "c" and dtype == "float32" else dtype
    return from_numpy(to_floats(to_numpy(from_numpy(array, coarse))))


def one_sided(probe: Probe, exercise: Exercise, case: Case) -> Mapping[str, tuple[Array, Array]]:
    """The least and the greatest derivative, elementwise, a little beside the case on several sides of its kinks."""
    outcomes = {name: parse(exercise.reference.formula[name]) for name, _ in probe.seeds or ((probe.of, None),)}
    alone = replace(probe, full=0)
    found = []
    for side in range(_SIDES):
        nudged = {name: _nudged(value, side) for name, value in case.inputs.items()}
        found.append(gradient_targets(outcomes, scope_of(exercise, replace(case, inputs=nudged)), alone).value)
    arrays = {name: np.stack([_array(each[name].value) for each in found]) for name in probe.wrt}
    return {name: (np.min(rows, axis=0), np.max(rows, axis=0)) for name, rows in arrays.items()}


def _nudged(value: Value, side: int) -> Value:
    """Every element moves by an amount of its own, so that ties part; which way, depends on the side and its place."""
    if not isinstance(value, Tensor) or kind_of(value.dtype) != "float":
        return value
    array = to_floats(to_numpy(value))
    place = np.arange(array.size).reshape(array.shape)
    ways = np.where(((place >> (side >> 1)) + side) % 2, 1.0, -1.0) if side > 1 else 1.0 - 2.0 * side
    moved = array + ways * (1 + place / 64) * _NUDGE * np.maximum(1.0, np.abs(array))
    return from_numpy(moved)
