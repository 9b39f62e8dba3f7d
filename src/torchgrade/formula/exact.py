"""Arrays of exact numbers: what a formula is computed with, and how tensors become them and back.

Integers are Python's, floats are Decimals of as many digits as the context says, complex numbers are pairs of those.
Arithmetic runs in a context of our own (`arithmetic`), in which nothing raises and IEEE's infinities and NaN flow.
The float64 reading of a formula uses the same class with float64 and complex128 elements.
"""

from __future__ import annotations

import decimal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from torchgrade.errors import FormulaError
from torchgrade.formula.complexes import Complex
from torchgrade.model.said import said
from torchgrade.model.value import Scalar, ScalarType, Series, Tensor, Value

Array: TypeAlias = npt.NDArray[np.object_]
"""Elements are int, Decimal or Complex; bool, float64 or complex128 arrays pass under the same name."""
_MOST_AXES: Final = 32


class Kind(IntEnum):
    """What numbers are; of two kinds that meet, the greater wins."""

    BOOL = 0
    INT = 1
    FLOAT = 2
    COMPLEX = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Exact:
    """An array and its kind, which its elements alone do not tell when there are none."""

    kind: Kind
    data: Array

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def is_inexact(self) -> bool:
        """True for floats and complex numbers."""
        return self.kind >= Kind.FLOAT


def array(kind: Kind, data: object) -> Exact:
    """Numpy gives a bare element for an array without axes; this makes it an array again.

    Raises FormulaError if it has more axes than numpy broadcasts.
    """
    if not isinstance(data, np.ndarray):
        data = np.asarray(data, dtype=bool if kind is Kind.BOOL else object if kind is Kind.INT else None)
    if data.ndim > _MOST_AXES:
        raise FormulaError(said("this has more than {most} axes", most=_MOST_AXES), code="formula-too-large")
    return Exact(kind, data)


def arithmetic(digits: int) -> decimal.Context:
    """A context in which 1/0 is infinite and the root of -1 is NaN."""
    return decimal.Context(
        prec=digits, rounding=decimal.ROUND_HALF_EVEN, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX, traps=[]
    )


def objects(items: Sequence[object], shape: tuple[int, ...]) -> Array:
    """An array of the items as they are."""
    data = np.empty(len(items), dtype=object)
    data[:] = items
    return data.reshape(shape)


_DTYPES: Final[Mapping[str, tuple[Kind, str]]] = {
    "bool": (Kind.BOOL, "?"),
    **{f"int{bits}": (Kind.INT, f"<i{bits // 8}") for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (Kind.INT, f"<u{bits // 8}") for bits in (8, 16, 32, 64)},
    **{f"float{bits}": (Kind.FLOAT, f"<f{bits // 8}") for bits in (16, 32, 64)},
    "bfloat16": (Kind.FLOAT, "<u2"),
    "complex64": (Kind.COMPLEX, "<c8"),
    "complex128": (Kind.COMPLEX, "<c16"),
}
_SCALARS: Final[Mapping[ScalarType, Kind]] = {
    ScalarType.BOOL: Kind.BOOL,
    ScalarType.INT: Kind.INT,
    ScalarType.FLOAT: Kind.FLOAT,
    ScalarType.COMPLEX: Kind.COMPLEX,
}


def decode(value: Value, name: str) -> Exact:
    """The numbers of a value, every bit of them; raises FormulaError for what is no number."""
    if isinstance(value, Tensor) and value.dtype in _DTYPES:
        kind, code = _DTYPES[value.dtype]
        found = np.frombuffer(value.data, dtype=code)
        if value.dtype == "bfloat16":
            found = (found.astype("<u4") << 16).view("<f4")
        return elements(kind, found.tolist(), value.shape)
    if isinstance(value, Scalar) and value.type in _SCALARS:
        return elements(_SCALARS[value.type], [value.value], ())
    if isinstance(value, Series) and all(isinstance(item, Scalar) for item in value.items):
        return _row([decode(item, name) for item in value.items])
    message = said("{name} is {sort}, not a number or tensor", name=name, sort=_sort(value))
    raise FormulaError(message, code="formula-kind")


def elements(kind: Kind, items: Sequence[object], shape: tuple[int, ...]) -> Exact:
    """Python's bools, ints, floats or complex numbers as exact ones."""
    if kind is Kind.BOOL:
        return Exact(kind, np.array(items, dtype=bool).reshape(shape).view())
    if kind is Kind.FLOAT:
        return Exact(kind, objects([Decimal(item) for item in items], shape))  # type: ignore[arg-type]
    if kind is Kind.COMPLEX:
        return Exact(kind, objects([Complex.of(item) for item in items], shape))  # type: ignore[arg-type]
    return Exact(kind, objects(items, shape))


def _row(items: Sequence[Exact]) -> Exact:
    kind = max((item.kind for item in items), default=Kind.INT)
    return elements(kind, [item.data.item() for item in items], (len(items),))


_SORTS = {"Series": said("a tuple"), "Record": said("a dict"), "Expression": said("a sympy expression")}
_OBJECT = said("an object")


def _sort(value: Value) -> str:
    if isinstance(value, Scalar):
        return said("None") if value.type is ScalarType.NONE else said("a {type}", type=value.type.value)
    if isinstance(value, Tensor):
        return said("a tensor of {dtype}", dtype=value.dtype)
    return _SORTS.get(type(value).__name__, _OBJECT)


def encode(exact: Exact) -> Tensor:
    """Rounded once, to the widest dtype of the kind."""
    flat = exact.data.ravel()
    if exact.kind is Kind.BOOL:
        dtype, rounded = "bool", flat.astype("?")
    elif exact.kind is Kind.INT:
        dtype, rounded = "int64", np.array([_integer(item) for item in flat.tolist()], dtype="<i8")
    elif exact.kind is Kind.FLOAT:
        dtype, rounded = "float64", np.array([float(item) for item in flat.tolist()], dtype="<f8")
    else:
        dtype, rounded = "complex128", np.array([complex(item) for item in flat.tolist()], dtype="<c16")
    return Tensor(dtype=dtype, shape=exact.shape, data=rounded.tobytes())


def _integer(item: int | Decimal) -> int:
    if isinstance(item, Decimal):
        message = said("an integer was divided by zero, or NaN or a fraction made an integer")
        raise FormulaError(message, code="formula-domain")
    if not -(2**63) <= item < 2**63:
        raise FormulaError(said("this integer does not fit into 64 bits"), code="formula-too-large")
    return item
