"""What a gradient check differentiates, and where it had better not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from torchgrade.checks.outcomes import judged_dtype, with_values
from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import Scope, distance_to_kink, evaluate, gradient_targets, scope_of
from torchgrade.formula.linearity import fault, results_of
from torchgrade.formula.parse import parse
from torchgrade.formula.scope import names
from torchgrade.formula.tree import Call, Name
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Spec, Type
from torchgrade.model.probe import Probe
from torchgrade.model.value import Scalar, ScalarType, Tensor, Value
from torchgrade.numeric.arrays import Array, from_numpy, is_dtype, kind_of, to_floats, to_numpy
from torchgrade.numeric.tape import read

CLOSE = 1e-5
"""Nearer than this to a kink, rounding may put an answer on its other side."""
_SIDES = 6
_NUDGE = 2.0**-40
_UPSTREAM = "grad_output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The numbers and formulas of a case, hashable: what is computed of them is computed once for all submissions."""

    values: tuple[tuple[str, Value], ...]
    lets: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, exercise: Exercise, case: Case) -> Setting:
        """The setting of a case; its results are those that have a formula."""
        dims = ((name, Scalar(type=ScalarType.INT, value=size)) for name, size in case.dims.items())
        formulas = exercise.reference.formula
        return cls(
            values=(*dims, *case.inputs.items()),
            lets=tuple(exercise.let.items()),
            results=tuple((name, formulas[name]) for name in exercise.returns if name in formulas),
        )

    def scope(self, *, results: bool = False) -> Scope:
        """The scope of the case, in which results may mean their formulas."""
        lets = (*self.lets, *self.results) if results else self.lets
        return Scope(values=dict(self.values), lets={name: parse(text) for name, text in lets})


def floating_results(exercise: Exercise, case: Case) -> tuple[str, ...]:
    """The results that can be differentiated."""
    setting = Setting.of(exercise, case)
    possible = tuple(name for name, spec in exercise.returns.items() if _may_float(spec))
    return possible if len(possible) < 2 else tuple(name for name in possible if _does_float(name, setting))


def _may_float(spec: Spec) -> bool:
    kinds = {kind_of(word) if is_dtype(word) else word for word in spec.dtype}
    return spec.type in (None, Type.TENSOR) and (not kinds or bool(kinds & {"float", "complex"}))


@lru_cache(maxsize=4096)
def _does_float(name: str, setting: Setting) -> bool:
    """What the formula says; without one the result is taken to be floating."""
    text = dict(setting.results).get(name)
    return text is None or kind_of(evaluate(parse(text), setting.scope()).dtype) in ("float", "complex")


def is_kinked(of: tuple[str, ...], wrt: tuple[str, ...], exercise: Exercise, case: Case) -> bool:
    """Whether the case lies where a formula has no derivative, and none is declared."""
    if set(wrt) <= exercise.reference.gradient.keys():
        return False
    setting = Setting.of(exercise, case)
    return any(_distance(name, setting) < CLOSE for name in of)


@lru_cache(maxsize=4096)
def _distance(of: str, setting: Setting) -> float:
    """How far a result, or a formula over results, is from a kink; infinite where no formula says what it is."""
    node, scope = parse(dict(setting.results).get(of, of)), setting.scope(results=True)
    return distance_to_kink(node, scope) if names(node) <= {*scope.values, *scope.lets} else math.inf


def seeds(formula: str, exercise: Exercise, case: Case, tape: tuple[int, ...]) -> tuple[tuple[str, Tensor], ...]:
    """The gradient of <tape, formula> with respect to each result in the formula, which is linear in them.

    A submission is sent these numbers, so nothing of the right results is in them but their shapes. They are rounded
    to the coarsest dtype they will meet, so that everyone multiplies with the same numbers.
    """
    setting, lets = Setting.of(exercise, case), {name: parse(text) for name, text in exercise.let.items()}
    if nonlinear := fault(formula, exercise.returns, lets):
        raise nonlinear
    used = results_of(formula, exercise.returns, lets)
    unknown = sorted(used - dict(setting.results).keys())
    if unknown:
        message = f"the gradient of {formula} needs the formula of {' and '.join(unknown)} in `reference`"
        raise FormulaError(message, code="gradient-of", end=len(formula), hint="give `reference` that formula")
    found = _seeds(formula, setting, used, tape)
    return tuple((name, _rounded(gradient, judged_dtype(case))) for name, gradient in found)


@lru_cache(maxsize=1024)
def _seeds(
    formula: str, setting: Setting, used: frozenset[str], tape: tuple[int, ...]
) -> tuple[tuple[str, Tensor], ...]:
    """Taken where every result is 0: the derivative is the same everywhere, and the right results stay out of it."""
    node, scope = parse(formula), setting.scope()
    right = {name: evaluate(parse(text), scope) for name, text in setting.results if name in used}
    inner = with_values(scope, {name: from_numpy(np.zeros_like(to_numpy(value))) for name, value in right.items()})
    shape = evaluate(node, inner).shape
    weights = from_numpy(np.array(read(tape, 0, math.prod(shape)), dtype=np.float64).reshape(shape))
    inner = with_values(inner, {_UPSTREAM: weights})
    return tuple((name, evaluate(Call("vjp", (node, Name(name), Name(_UPSTREAM))), inner)) for name in right)


def _rounded(tensor: Tensor, dtype: str) -> Tensor:
    """The numbers with the precision of `dtype`, in the widest floating dtype."""
    array = to_numpy(tensor)
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
    arrays = {name: np.stack([_numbers(each[name].value) for each in found]) for name in probe.wrt}
    return {name: (np.min(rows, axis=0), np.max(rows, axis=0)) for name, rows in arrays.items()}


def _numbers(value: Value) -> Array:
    return to_numpy(value) if isinstance(value, Tensor) else np.zeros(())


def _nudged(value: Value, side: int) -> Value:
    """Every element moves by an amount of its own, so that ties part; which way, depends on the side and its place."""
    if not isinstance(value, Tensor) or kind_of(value.dtype) != "float":
        return value
    array = to_floats(to_numpy(value))
    place = np.arange(array.size).reshape(array.shape)
    ways = np.where(((place >> (side >> 1)) + side) % 2, 1.0, -1.0) if side > 1 else 1.0 - 2.0 * side
    moved = array + ways * (1 + place / 64) * _NUDGE * np.maximum(1.0, np.abs(array))
    return from_numpy(moved)
