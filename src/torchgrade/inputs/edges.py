"""Boundary cases: what each word changes in the sizes, the Specs or the numbers of a drawn case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.inputs.chance import signs
from torchgrade.inputs.sizes import DOTS, Limits, Sizes
from torchgrade.inputs.wanted import Wanted
from torchgrade.model.exercise import Edge, Exercise, Family, Spec, Type
from torchgrade.model.value import Layout
from torchgrade.numeric.arrays import Array

_LIMITS: Mapping[Edge, Limits] = {
    Edge.ONE: (1, 1),
    Edge.SQUARE: (3, 3),
    Edge.TIES: (4, 6),
    Edge.STRIDED: (2, 5),
}
_UNSTRUCTURED = (None, Family.GENERAL, Family.DISTINCT, Family.TIES, Family.SORTED)
_TICK = 2.0**-30


def limits(edge: Edge | None) -> Limits | None:
    """Between which sizes dims are kept where their ranges allow it, so that there is something to see of the edge."""
    return None if edge is None else _LIMITS.get(edge)


def empty_sizes(exercise: Exercise, specs: Mapping[str, Spec]) -> Sizes:
    """For `empty`: the first free dim of the first tensor that has one is 0, else the axes of '...'."""
    for spec in specs.values():
        for size in spec.shape or ():
            if size == DOTS:
                return Sizes(axes=(0,))
            declared = exercise.dims.get(size)
            if size.isidentifier() and size not in specs and (declared is None or declared.low.strip() == "0"):
                return Sizes(names={size: 0})
    raise FormulaError(
        "the edge `empty` finds no size that may be 0", code="draw-edge", hint="drop it, or let a dim start at 0"
    )


def changed_specs(edge: Edge, specs: Mapping[str, Spec]) -> Mapping[str, Spec]:
    """The Specs of an edge case. FormulaError if the word changes nothing in this exercise."""
    change = _SPECS.get(edge)
    if edge not in (*_SPECS, *_NUMBERS):
        return specs
    touched = [name for name, spec in specs.items() if _is_touched(edge, spec)]
    if not touched:
        raise FormulaError(f"the edge `{edge}` changes no parameter here", code="draw-edge", hint="drop it")
    if change is None:
        return specs
    return {name: change(spec) if name in touched else spec for name, spec in specs.items()}


def changed_numbers(edge: Edge, spec: Spec, wanted: Wanted, numbers: Array, chance: np.random.Generator) -> Array:
    """The numbers of a drawn tensor in an edge case."""
    change = _NUMBERS.get(edge)
    return change(wanted, numbers, chance) if change is not None and _is_touched(edge, spec) else numbers


def _is_touched(edge: Edge, spec: Spec) -> bool:
    """True if the word says anything about this parameter: a tensor of numbers without structure, mostly."""
    if spec.type not in (None, Type.TENSOR) or spec.value is not None:
        return False
    if edge is Edge.STRIDED:
        return True
    if edge is Edge.INTEGER and (spec.dtype or spec.requires_grad):
        return False
    return spec.family in _UNSTRUCTURED and "bool" not in spec.dtype


def _zeros(wanted: Wanted, numbers: Array, chance: np.random.Generator) -> Array:
    return np.zeros_like(numbers)


def _negative(wanted: Wanted, numbers: Array, chance: np.random.Generator) -> Array:
    return np.where(numbers == 0, -1, -np.abs(numbers))


def _large(wanted: Wanted, numbers: Array, chance: np.random.Generator) -> Array:
    return chance.integers(1_000, 10_001, size=numbers.shape) * _signs(wanted, numbers, chance)


def _tiny(wanted: Wanted, numbers: Array, chance: np.random.Generator) -> Array:
    """1e-6 to 1e-4, in multiples of 2^-30."""
    if wanted.kind == "int":
        return numbers
    return chance.integers(1_074, 107_375, size=numbers.shape) * _TICK * _signs(wanted, numbers, chance)


def _signs(wanted: Wanted, numbers: Array, chance: np.random.Generator) -> Array:
    """Both signs, unless the range has only one."""
    if wanted.low < 0 < wanted.high:
        return signs(chance, numbers.shape)
    return np.full(numbers.shape, -1 if wanted.high <= 0 else 1)


_SPECS: Mapping[Edge, Callable[[Spec], Spec]] = {
    Edge.TIES: lambda spec: replace(spec, family=Family.TIES),
    Edge.INTEGER: lambda spec: replace(spec, dtype=("int64",)),
    Edge.STRIDED: lambda spec: replace(spec, layout=Layout.STRIDED),
}
_NUMBERS: Mapping[Edge, Callable[[Wanted, Array, np.random.Generator], Array]] = {
    Edge.ZEROS: _zeros,
    Edge.NEGATIVE: _negative,
    Edge.LARGE: _large,
    Edge.TINY: _tiny,
}
