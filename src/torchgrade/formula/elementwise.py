"""Functions of elements, with torch's rules for kinds and special values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.arithmetic import fits, of_integers, refuse_complex, to_nearest, together
from torchgrade.formula.exact import Exact, Kind, array
from torchgrade.formula.reading import Reading
from torchgrade.model.said import said


def smooth(name: str) -> Callable[[Reading, Exact], Exact]:
    """A function whose result is at least floating."""

    def wrapped(reading: Reading, x: Exact) -> Exact:
        field = reading.field
        if x.kind is Kind.COMPLEX:
            if name not in field.of_complex:
                message = said("{name} is not computed for complex numbers", name=name)
                raise FormulaError(message, code="formula-kind")
            return array(x.kind, field.of_complex[name](x.data))
        data = field.lift(x, Kind.FLOAT)
        if name == "sqrt":
            reading.note_gap(data, Kind.FLOAT)
        return array(Kind.FLOAT, field.unary[name](data))

    return wrapped


def stepped(name: str) -> Callable[[Reading, Exact], Exact]:
    """`floor ceil round`: of integers, themselves."""

    def wrapped(reading: Reading, x: Exact) -> Exact:
        refuse_complex(name, x)
        if x.kind <= Kind.INT:
            return x
        if reading.gaps is not None:
            half = reading.field.number("0.5") if name == "round" else 0
            reading.note_gap(to_nearest(reading, np.asarray(x.data + half)), x.kind)
        return array(x.kind, reading.field.unary[name](x.data))

    return wrapped


def sign(reading: Reading, x: Exact) -> Exact:
    """-1, 0 or 1, in the kind of x."""
    refuse_complex("sign", x)
    reading.note_gap(x.data, x.kind)
    if x.kind is Kind.FLOAT:
        return array(x.kind, reading.field.unary["sign"](x.data))
    return array(x.kind, of_integers(lambda item: (item > 0) - (item < 0), 1)(x.data) if x.kind else x.data)


def absolute(reading: Reading, x: Exact) -> Exact:
    """Magnitudes; of complex numbers they are floating."""
    reading.note_gap(x.data, x.kind)
    return array(Kind.FLOAT if x.kind is Kind.COMPLEX else x.kind, np.absolute(x.data))


def relu(reading: Reading, x: Exact) -> Exact:
    """The greater of x and 0."""
    return maximum(reading, x, array(Kind.INT, 0))


def maximum(reading: Reading, left: Exact, right: Exact) -> Exact:
    """The greater of two, elementwise."""
    return _greater("maximum", reading, left, right)


def minimum(reading: Reading, left: Exact, right: Exact) -> Exact:
    """The less of two, elementwise."""
    return _greater("minimum", reading, left, right)


def _greater(name: str, reading: Reading, left: Exact, right: Exact) -> Exact:
    """The greater or the less of two; NaN wins."""
    refuse_complex(name, left, right)
    fits(name, left, right)
    kind, (first, second) = together(reading, left, right)
    if kind is Kind.FLOAT:
        reading.note_gap(np.asarray(first - second), kind)
    takes_left = first >= second if name == "maximum" else first <= second
    takes_left = np.asarray(takes_left, dtype=bool) | np.asarray(first != first, dtype=bool)
    return array(kind, np.where(takes_left, first, second))


def clamp(reading: Reading, x: Exact, low: Exact | None, high: Exact | None) -> Exact:
    """Not below `low` and not above `high`; None is no bound."""
    result = x if low is None else maximum(reading, x, low)
    return result if high is None else minimum(reading, result, high)


def where(reading: Reading, condition: Exact, left: Exact, right: Exact) -> Exact:
    """Elements of `left` where the condition is true, else of `right`; the others play no part."""
    if condition.kind is not Kind.BOOL:
        message = said("where needs a bool condition, not {kind}", kind=condition.kind.word)
        raise FormulaError(message, code="formula-kind")
    fits("where", condition, left, right)
    kind, (first, second) = together(reading, left, right)
    return array(kind, np.where(np.asarray(condition.data, dtype=bool), first, second))


def is_nan(reading: Reading, x: Exact) -> Exact:
    """Which elements are NaN."""
    return array(Kind.BOOL, np.asarray(x.data != x.data, dtype=bool))


def is_finite(reading: Reading, x: Exact) -> Exact:
    """Which elements are neither infinite nor NaN."""
    if not x.is_inexact:
        return array(Kind.BOOL, np.ones(x.shape, dtype=bool))
    data = np.absolute(x.data) if x.kind is Kind.COMPLEX else x.data
    return array(Kind.BOOL, np.asarray((data - data) == 0, dtype=bool))


def to_float(reading: Reading, x: Exact) -> Exact:
    """The same numbers, at least floating."""
    return array(max(x.kind, Kind.FLOAT), reading.field.lift(x, max(x.kind, Kind.FLOAT)))


def to_int(reading: Reading, x: Exact) -> Exact:
    """Rounded towards zero; what is not finite becomes NaN among integers."""
    refuse_complex("int", x)
    if x.kind is not Kind.FLOAT:
        return array(Kind.INT, reading.field.lift(x, Kind.INT))
    if reading.gaps is not None:
        reading.note_gap(to_nearest(reading, x.data), x.kind)
    return array(Kind.INT, np.frompyfunc(_truncated, 1, 1)(x.data))


def _truncated(item: float) -> int | Decimal:
    return int(item) if item - item == 0 else Decimal("nan")


def real(reading: Reading, x: Exact) -> Exact:
    """Real parts."""
    return array(Kind.FLOAT, reading.field.parts(x.data)[0]) if x.kind is Kind.COMPLEX else x


def imag(reading: Reading, x: Exact) -> Exact:
    """Imaginary parts."""
    if x.kind is not Kind.COMPLEX:
        raise FormulaError(said("imag is for complex numbers"), code="formula-kind")
    return array(Kind.FLOAT, reading.field.parts(x.data)[1])


def conj(reading: Reading, x: Exact) -> Exact:
    """Complex conjugates."""
    return array(x.kind, np.conjugate(x.data)) if x.kind is Kind.COMPLEX else x
