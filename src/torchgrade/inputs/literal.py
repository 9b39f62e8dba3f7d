"""Literals of an exercise file as values: numbers, lists, formulas in text, or the text itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.inputs.formulas import names_in, value_of
from torchgrade.model.exercise import Literal, Spec, Type
from torchgrade.model.value import Expression, Layout, Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.numeric.arrays import (
    Array,
    array_kind,
    from_numpy,
    is_dtype,
    is_number,
    kind_of,
    scalar_array,
    to_numpy,
)
from torchgrade.numeric.structure import shape_text

_NONE = Scalar(type=ScalarType.NONE, value=None)
_COMPLEX: Mapping[str, str] = {"float64": "complex128"}


def literal(value: Literal, spec: Spec | None, dtype: str, scope: Mapping[str, int]) -> Value:
    """The value that a literal stands for; `dtype` is the case's, `scope` its sizes.

    Numbers of an undeclared dtype become floating, bools become a bool tensor, text is a formula (but a
    parameter of type str is the text itself).
    """
    spec = spec or Spec()
    match spec.type, value:
        case Type.STR, str():
            return Scalar(type=ScalarType.STR, value=value)
        case _, None | "None":
            return _NONE
        case Type.SYMBOL, str():
            return Scalar(type=ScalarType.SYMBOL, value=value)
        case Type.EXPRESSION, _:
            return Expression(text=str(value))
        case _, Mapping():
            return Record(items=tuple((name, literal(item, None, dtype, scope)) for name, item in value.items()))
        case (Type.INT | Type.FLOAT | Type.BOOL) as kind, _:
            return _number(value, kind, scope)
        case Type.SHAPE, _:
            return _shape(value, scope)
        case ((None | Type.TENSOR), _):
            return _tensor_or_plain(value, spec, dtype, scope)
    raise _fault(value, f"is no {spec.type}")


def names_of(value: Literal) -> frozenset[str]:
    """The names that the formulas in a literal need."""
    return frozenset[str]().union(*map(names_in, _texts(value)))


def as_tensor(array: Array, spec: Spec, dtype: str) -> Tensor:
    """A tensor of the declared dtype (the first, if several), layout and leaf state."""
    name = _dtype(array, spec, dtype)
    exact = kind_of(name) in ("bool", "int")
    with np.errstate(invalid="ignore", over="ignore"):
        tensor = from_numpy(array.real if kind_of(name) != "complex" and array.dtype.kind == "c" else array, name)
    if exact and not np.array_equal(to_numpy(tensor), array):
        raise FormulaError(f"some of the numbers are no {name}", code="input-literal", hint="name another dtype")
    return Tensor(
        dtype=name,
        shape=tensor.shape,
        data=tensor.data,
        layout=spec.layout or Layout.CONTIGUOUS,
        requires_grad=bool(spec.requires_grad) and not exact,
    )


def _texts(value: Literal) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)


def _fault(value: Literal, message: str) -> FormulaError:
    shown = f"`{value}`" if isinstance(value, str) else "a list" if isinstance(value, tuple) else str(value)
    return FormulaError(f"{shown} {message}", code="input-literal")


def _number(value: Literal, type: Type, scope: Mapping[str, int]) -> Scalar:
    """An int, float or bool; a whole number will do for a float, nothing else is converted."""
    array = _array(value, scope)
    kind = array_kind(array.dtype)
    if array.ndim or not (kind == type or (type is Type.FLOAT and kind == "int")):
        raise _fault(value, f"is no {type}")
    number = array.item()
    return Scalar(type=ScalarType(type), value=float(number) if type is Type.FLOAT else number)


def _shape(value: Literal, scope: Mapping[str, int]) -> Series:
    array = _array(value, scope)
    if array.ndim != 1 or (array.size and array_kind(array.dtype) != "int"):
        raise _fault(value, "is no shape: a list of sizes is")
    return Series(type="tuple", items=tuple(Scalar(type=ScalarType.INT, value=int(size)) for size in array))


def _tensor_or_plain(value: Literal, spec: Spec, dtype: str, scope: Mapping[str, int]) -> Value:
    """A tensor; or what a formula gives that has no numbers, such as None."""
    if isinstance(value, str):
        computed = value_of(value, scope)
        if not isinstance(computed, Tensor) and not (isinstance(computed, Scalar) and is_number(computed)):
            return computed
    return as_tensor(_array(value, scope), spec, dtype)


def _array(value: Literal, scope: Mapping[str, int]) -> Array:
    """The numbers of a literal, each as exactly as it is written."""
    match value:
        case bool() | int() | float():
            return scalar_array(Scalar(type=ScalarType(value.__class__.__name__), value=value))
        case str():
            return _computed(value, scope)
        case tuple():
            return _stacked([_array(item, scope) for item in value])
    raise _fault(value, "stands where a number should")


def _computed(text: str, scope: Mapping[str, int]) -> Array:
    value = value_of(text, scope)
    if isinstance(value, Tensor):
        return to_numpy(value)
    if isinstance(value, Scalar) and is_number(value):
        return scalar_array(value)
    if isinstance(value, Series):
        return np.array([item.value for item in value.items if isinstance(item, Scalar)], dtype=np.int64)
    raise _fault(text, "is no number")


def _stacked(parts: list[Array]) -> Array:
    shapes = list(dict.fromkeys(part.shape for part in parts))
    if len(shapes) > 1:
        found = f"this list holds parts of shape {shape_text(shapes[0])} and {shape_text(shapes[1])}"
        raise FormulaError(f"{found}; all must be alike", code="input-literal")
    return np.stack(parts) if parts else np.zeros(0)


def _dtype(array: Array, spec: Spec, dtype: str) -> str:
    """The declared dtype, else bool for bools, a complex dtype for complex numbers, and the case's for all others."""
    kind = array_kind(array.dtype)
    for word in spec.dtype[:1]:
        if is_dtype(word):
            return word
        kind = "int" if word == "int" else "complex" if word == "complex" else "float"
        if kind == "int":
            return "int64"
    if kind == "complex":
        return _COMPLEX.get(dtype, "complex64")
    return "bool" if kind == "bool" else dtype
