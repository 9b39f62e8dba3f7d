"""Formulas of sizes: bounds, shapes and literals, computed exactly."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.errors import FormulaError
from torchgrade.formula import scope
from torchgrade.formula.evaluate import Scope, evaluate
from torchgrade.formula.parse import parse
from torchgrade.model.value import Scalar, ScalarType, Tensor, Value
from torchgrade.numeric.arrays import is_number, scalar_array, to_floats, to_numpy


def names_in(text: str) -> frozenset[str]:
    """The names a formula needs."""
    return scope.names(parse(text))


def value_of(text: str, sizes: Mapping[str, int]) -> Value:
    """A formula of sizes."""
    known = {name: Scalar(type=ScalarType.INT, value=size) for name, size in sizes.items()}
    return evaluate(parse(text), Scope(values=known, lets={}, observed={}))


def number_of(text: str, sizes: Mapping[str, int]) -> float:
    """A formula of sizes that is one number."""
    value = value_of(text, sizes)
    if isinstance(value, Scalar) and is_number(value):
        return float(to_floats(scalar_array(value)).real)
    if isinstance(value, Tensor) and not value.shape:
        return float(to_floats(to_numpy(value)).real)
    raise FormulaError(f"`{text}` is not one number", code="draw-range", end=len(text))


def integer_of(text: str, sizes: Mapping[str, int]) -> int:
    """A formula of sizes that is a whole number."""
    number = number_of(text, sizes)
    if not number.is_integer():
        raise FormulaError(f"`{text}` is {number:g}; a size is a whole number", code="draw-range", end=len(text))
    return int(number)
