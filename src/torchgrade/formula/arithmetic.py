"""Operators between elements, with torch's rules for kinds and special values."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.exact import Array, Exact, Kind, array
from torchgrade.formula.reading import LARGEST, Reading
from torchgrade.model.said import joined, said

LARGEST_POWER: Final = 10_000
INTEGER_BITS: Final = 40_000


def together(reading: Reading, *operands: Exact, least: Kind = Kind.BOOL) -> tuple[Kind, list[Array]]:
    """The operands as numbers of the kind they share, which is at least `least`."""
    kind = max(least, *(operand.kind for operand in operands))
    return kind, [reading.field.lift(operand, kind) for operand in operands]


def fits(operation: str, *operands: Exact) -> None:
    """Raises FormulaError if shapes do not broadcast, or to too many elements."""
    shapes = {operand.shape for operand in operands} - {()}
    if len(shapes) < 2:  # the usual case, and numpy's own way is slow
        return
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        shapes_told = joined("{first} and {last}", (str(list(operand.shape)) for operand in operands))
        message = said("{operation}: shapes {shapes} do not fit together", operation=operation, shapes=shapes_told)
        raise FormulaError(message, code="formula-shape") from None
    if math.prod(shape) > LARGEST:
        message = said("{operation}: the result is larger than {most:,} elements", operation=operation, most=LARGEST)
        raise FormulaError(message, code="formula-too-large")


def refuse_complex(operation: str, *operands: Exact) -> None:
    """Raises FormulaError if an operand is complex."""
    if any(operand.kind is Kind.COMPLEX for operand in operands):
        raise FormulaError(said("{operation} is not for complex numbers", operation=operation), code="formula-kind")


def to_nearest(reading: Reading, data: Array) -> Array:
    """The signed distance to the nearest whole number."""
    return np.asarray(data - reading.field.unary["round"](data))


def _ring(symbol: str, compute: Callable[[Array, Array], Array]) -> Callable[[Reading, Exact, Exact], Exact]:
    def wrapped(reading: Reading, left: Exact, right: Exact) -> Exact:
        fits(symbol, left, right)
        kind = max(left.kind, right.kind, Kind.INT)
        if reading.field.is_exact and left.kind and right.kind:  # Decimals and ints mix by themselves
            return array(kind, compute(left.data, right.data))
        kind, (first, second) = together(reading, left, right, least=Kind.INT)
        return array(kind, compute(first, second))

    return wrapped


def _divide(reading: Reading, left: Exact, right: Exact) -> Exact:
    fits("/", left, right)
    kind, (first, second) = together(reading, left, right, least=Kind.FLOAT)
    return array(kind, np.true_divide(first, second))


def of_integers(compute: Callable[..., object], operands: int) -> Callable[..., Array]:
    """A function of Python's integers as one of arrays; NaN among them stays NaN, and so does what has no integer."""

    def one(*items: int) -> object:
        if any(isinstance(item, Decimal) for item in items):
            return Decimal("nan")
        try:
            return compute(*items)
        except ZeroDivisionError:
            return Decimal("nan")

    return np.frompyfunc(one, operands, 1)


def _by_floor(name: str) -> Callable[[Reading, Exact, Exact], Exact]:
    """`//` or `%`. An integer divided by zero becomes NaN among integers, refused where it reaches the result."""
    symbol = {"floor_divide": "//", "remainder": "%"}[name]
    of_ints = of_integers({"//": operator.floordiv, "%": operator.mod}[symbol], 2)

    def wrapped(reading: Reading, left: Exact, right: Exact) -> Exact:
        refuse_complex(symbol, left, right)
        fits(symbol, left, right)
        kind, (first, second) = together(reading, left, right, least=Kind.INT)
        if kind is Kind.INT:
            return array(kind, of_ints(first, second))
        result = getattr(reading.field, name)(first, second)
        if reading.gaps is not None:
            quotient = np.asarray(np.true_divide(first, second))
            reading.note_gap(to_nearest(reading, quotient), kind)
        return array(kind, result)

    return wrapped


def _power(reading: Reading, left: Exact, right: Exact) -> Exact:
    fits("**", left, right)
    kind = max(left.kind, right.kind, Kind.INT)
    if kind is Kind.INT:
        _, (first, second) = together(reading, left, right, least=Kind.INT)
        return array(kind, of_integers(_integer_power, 2)(first, second))
    if right.kind <= Kind.INT and right.data.ndim == 0 and abs(right.data.item()) <= LARGEST_POWER:
        return array(kind, _whole_power(reading, reading.field.lift(left, kind), int(right.data.item())))
    if kind is Kind.COMPLEX:
        raise FormulaError(said("** of complex numbers takes one whole number"), code="formula-kind")
    _, (first, second) = together(reading, left, right)
    return array(kind, reading.field.power(first, second))


def _integer_power(base: int, exponent: int) -> int | Decimal:
    if exponent < 0:
        return Decimal("nan")
    if abs(base) > 1 and exponent * abs(base).bit_length() > INTEGER_BITS:
        raise FormulaError(said("this power is too large"), code="formula-too-large")
    return int(base**exponent)


def _whole_power(reading: Reading, base: Array, exponent: int) -> Array:
    """By squaring, all elements at once."""
    if exponent == 0:
        return np.asarray(base * 0 + 1) if not reading.field.is_exact else _filled(base, Decimal(1))
    result: Array | None = None
    square, left = base, abs(exponent)
    while left:
        if left & 1:
            result = square if result is None else np.asarray(result * square)
        left >>= 1
        if left:
            square = np.asarray(square * square)
    assert result is not None  # noqa: S101 (the exponent is not 0)
    return result if exponent > 0 else np.asarray(np.true_divide(reading.field.number("1"), result))


def _filled(like: Array, value: object) -> Array:
    data = np.empty(like.shape, dtype=object)
    data[...] = value
    return data


def _bitwise(symbol: str, compute: Callable[..., Array]) -> Callable[[Reading, Exact, Exact], Exact]:
    of_ints = of_integers(compute, 2)

    def wrapped(reading: Reading, left: Exact, right: Exact) -> Exact:
        if max(left.kind, right.kind) > Kind.INT:
            raise FormulaError(said("{operation} is for bools and integers", operation=symbol), code="formula-kind")
        fits(symbol, left, right)
        kind, (first, second) = together(reading, left, right)
        return array(kind, compute(first, second) if kind is Kind.BOOL else of_ints(first, second))

    return wrapped


BINARY: Final[Mapping[str, Callable[[Reading, Exact, Exact], Exact]]] = {
    "+": _ring("+", operator.add),
    "-": _ring("-", operator.sub),
    "*": _ring("*", operator.mul),
    "/": _divide,
    "//": _by_floor("floor_divide"),
    "%": _by_floor("remainder"),
    "**": _power,
    "&": _bitwise("&", operator.and_),
    "|": _bitwise("|", operator.or_),
    "^": _bitwise("^", operator.xor),
}
_COMPARISONS: Final[Mapping[str, np.ufunc]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def compare(reading: Reading, symbol: str, left: Exact, right: Exact) -> Exact:
    """Elementwise and exact; NaN equals nothing."""
    if symbol not in ("==", "!="):
        refuse_complex(symbol, left, right)
    fits(symbol, left, right)
    kind, (first, second) = together(reading, left, right)
    if reading.gaps is not None and kind is Kind.FLOAT:
        reading.note_gap(np.asarray(first - second), kind)
    return array(Kind.BOOL, np.asarray(_COMPARISONS[symbol](first, second), dtype=bool))


def negative(reading: Reading, operand: Exact) -> Exact:
    """Minus; of bools as of 0 and 1."""
    kind, (data,) = together(reading, operand, least=Kind.INT)
    return array(kind, -data)


def positive(reading: Reading, operand: Exact) -> Exact:
    """Plus: nothing happens."""
    return operand


def invert(reading: Reading, operand: Exact) -> Exact:
    """Not of bools, the complement of integers."""
    if operand.kind > Kind.INT:
        message = said("{operation} is for bools and integers", operation="~")
        raise FormulaError(message, code="formula-kind", hint="- is the sign")
    return array(operand.kind, of_integers(operator.invert, 1)(operand.data) if operand.kind else ~operand.data)
