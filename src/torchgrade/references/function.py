"""The reference that is run: a right solution in torch, measured in float64 like a submission."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np

from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.observation import Derivatives, Incident, Observation, Snapshot
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Scalar, Tensor, Value
from torchgrade.numeric.arrays import (
    Array,
    from_numpy,
    is_number,
    kind_of,
    magnitude,
    scalar_array,
    to_floats,
    to_numpy,
)
from torchgrade.numeric.structure import unpack
from torchgrade.numeric.tolerance import EPS
from torchgrade.references.terms import term_sizes, with_zeros

STEP = 2.0**-40
"""How far, relatively, the inputs of the second and third twin lie from those of the first."""
_JUMP = 2.0**-10
"""A change greater than this part of the scale is a jump (a rounding, a comparison), not a slope."""
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
_C = 64
_NOISE = 2.0**-44
"""Less than this part of its terms is what rounding in float64 leaves of zero."""
_NO_GRAPH = "no graph"


class FunctionReference:
    """Says what the author's own solution computes in float64, and how much that depends on the last digits."""

    kind: ClassVar[str] = "function"

    def cases(self, exercise: Exercise, case: Case) -> tuple[Case, ...]:
        """The case in float64 (`~0`), and twice more with every input a little beside it (`~1`, `~2`)."""
        if exercise.reference.function is None or case.raises is not None:
            return ()
        wide = {name: _widened(value) for name, value in case.inputs.items()}
        twins = [wide, *({name: _nudged(value, odd) for name, value in wide.items()} for odd in _ODD)]
        return tuple(
            replace(case, name=twin(case.name, number), dtype="float64", inputs=inputs, expected={})
            for number, inputs in enumerate(twins)
        )

    def targets(
        self, exercise: Exercise, case: Case, probe: Probe, measured: Mapping[Probe, Observation | Incident]
    ) -> Targets:
        """What was measured of the solution; nothing if it was stopped."""
        seen = [measured.get(replace(probe, case=twin(case.name, number))) for number in range(1 + len(_ODD))]
        values, *beside = [_values(each, exercise, case, probe) for each in seen]
        rows, *rows_beside = [_rows(each) for each in seen]
        spread = math.sqrt(max(1, sum(_count(value) for value in case.inputs.values())))
        size = max(
            (magnitude(array) for array in map(_floating, case.inputs.values()) if array is not None), default=0.0
        )
        targets = Targets(value=_targets(values, beside, spread, size), full=_targets(rows, rows_beside, spread, size))
        if probe.op is ProbeOp.VALUE:
            return targets
        value = measured.get(Probe(op=ProbeOp.VALUE, case=twin(case.name, 0)))
        results = (_floating(each) for each in _values(value, exercise, case, probe).values())
        sizes = term_sizes(probe, (array for array in results if array is not None), case)
        return with_zeros(targets, sizes, _NOISE)


def twin(case: str, number: int) -> str:
    """The name of the case in which the reference function is run for `case`."""
    return f"{case} ~{number}"


def _widened(value: Value) -> Value:
    """The same numbers in float64 or complex128."""
    if not isinstance(value, Tensor) or kind_of(value.dtype) not in ("float", "complex"):
        return value
    return _with(value, to_floats(to_numpy(value)))


def _with(value: Tensor, array: Array) -> Tensor:
    made = from_numpy(array)
    return replace(value, dtype=made.dtype, data=made.data)


def _nudged(value: Value, odd: int) -> Value:
    """Every element times 1 ± STEP, equal sizes alike, so that zeros, ties and symmetric matrices stay."""
    if not isinstance(value, Tensor) or value.dtype not in ("float64", "complex128"):
        return value
    array = to_numpy(value)
    bits = np.ascontiguousarray(np.abs(array)).view(np.uint64).reshape(array.shape)
    signs = np.where((bits * np.uint64(odd)) >> np.uint64(63), 1.0, -1.0)
    return _with(value, array * (1 + STEP * signs))


def _count(value: Value) -> int:
    return int(np.prod(value.shape)) if isinstance(value, Tensor) and kind_of(value.dtype) == "float" else 0


def _values(
    observed: Observation | Incident | None, exercise: Exercise, case: Case, probe: Probe
) -> Mapping[str, Value]:
    """What was measured, by outcome or parameter."""
    if isinstance(observed, Derivatives):
        return _products(observed, case, probe.wrt)
    if not isinstance(observed, Snapshot):
        return {}
    returned = unpack(observed.returned, tuple(exercise.returns))
    left = {f"{name}.after": value for name, value in observed.after.items()}
    grads = {f"{name}.grad": value.grad for name, value in observed.after.items() if isinstance(value, Tensor)}
    found = {name: grad for name, grad in grads.items() if grad is not None}
    return {**({} if isinstance(returned, str) else returned), **left, **found}


def _products(observed: Derivatives, case: Case, wrt: Sequence[str]) -> Mapping[str, Value]:
    """Derivatives by parameter: zeros where nothing connects the two; none of what cannot be differentiated."""
    if observed.problem not in ("", _NO_GRAPH):
        return {}
    inputs = {name: case.inputs[name] for name in wrt}
    shapes = {name: value.shape for name, value in inputs.items() if isinstance(value, Tensor)}
    return {name: observed.product.get(name) or from_numpy(np.zeros(shape)) for name, shape in shapes.items()}


def _rows(observed: Observation | Incident | None) -> Mapping[str, Value]:
    if not isinstance(observed, Derivatives):
        return {}
    return {name: rows for name, rows in observed.full.items() if rows is not None}


def _targets(
    values: Mapping[str, Value], beside: Sequence[Mapping[str, Value]], spread: float, size: float
) -> Mapping[str, Target]:
    return {name: _target(value, [other.get(name) for other in beside], spread, size) for name, value in values.items()}


def _target(value: Value, beside: Iterable[Value | None], spread: float, size: float) -> Target:
    """A measured value with its error; how far the twins' values lie apart says how inputs' last digits are magnified.

    The signs of the two nudges are as good as random, so that their effects partly cancel; `spread`, the root of the
    number of inputs, makes up for it. What is noise beside the inputs, whose `size` is given, is as exact as they are.
    """
    array = _floating(value)
    if array is None:
        return Target(value=value)
    scale = magnitude(array)
    others = (_floating(other) for other in beside if other is not None)
    with np.errstate(invalid="ignore"):  # inf - inf
        changes = [magnitude(other - array) for other in others if other is not None and other.shape == array.shape]
    slopes = [change / STEP for change in changes if change <= _JUMP * scale]
    condition = spread * max(slopes, default=0.0)
    if scale <= _NOISE * size and (scale == 0 or len(slopes) < len(changes)):
        condition = size
    return Target(value=value, scale=scale, condition=condition, error=_C * EPS["float64"] * (scale + condition))


def _floating(value: Value) -> Array | None:
    """The numbers of a floating value as float64; None for anything else."""
    if isinstance(value, Tensor):
        array = to_numpy(value)
    elif isinstance(value, Scalar) and is_number(value):
        array = scalar_array(value)
    else:
        return None
    return to_floats(array) if array.dtype.kind in "fc" else None
