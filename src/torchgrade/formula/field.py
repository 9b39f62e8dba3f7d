"""The two fields that formulas are computed in: Decimals of many digits, and float64.

A Field is what differs between them element by element; all that is arrangement of elements is written once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias, cast

import numpy as np

from torchgrade.formula import elementary
from torchgrade.formula.complexes import Complex
from torchgrade.formula.exact import Array, Exact, Kind

Elementwise: TypeAlias = Callable[[Array], Array]
Pairwise: TypeAlias = Callable[[Array, Array], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Numbers of one sort. `unary` are functions of real arrays, `of_complex` of complex ones.

    `rank_tolerance`: singular values below this share of the greatest count as zero.
    """

    is_exact: bool
    unary: Mapping[str, Elementwise]
    of_complex: Mapping[str, Elementwise]
    power: Pairwise
    remainder: Pairwise
    floor_divide: Pairwise
    rank_tolerance: str
    real: Callable[[Array], Array]
    complex: Callable[[Array], Array]
    parts: Callable[[Array], tuple[Array, Array]]

    def lift(self, exact: Exact, kind: Kind) -> Array:
        """The elements as numbers of `kind`, which is not below their own."""
        if exact.kind is kind:
            return exact.data
        if kind is Kind.INT:
            return exact.data.astype(int).astype(object)
        return self.real(exact.data) if kind is Kind.FLOAT else self.complex(exact.data)

    def number(self, value: Fraction | str) -> float:
        """A real number: a fraction, or the text of a decimal. It is a Decimal in the exact field."""
        if not self.is_exact:
            return float(value)
        if isinstance(value, Fraction):
            return cast(float, Decimal(value.numerator) / Decimal(value.denominator))
        return cast(float, Decimal(value))

    def pi(self) -> float:
        return cast(float, elementary.pi()) if self.is_exact else math.pi

    def e(self) -> float:
        return cast(float, elementary.exp(Decimal(1))) if self.is_exact else math.e


def _over_elements(function: Callable[..., object]) -> Elementwise:
    """A function of one number as a function of arrays of any number of axes."""
    ufunc = np.frompyfunc(function, 1, 1)

    def wrapped(data: Array) -> Array:
        result: Array = np.asarray(ufunc(data), dtype=object)
        return result

    return wrapped


def _over_pairs(function: Callable[..., object]) -> Pairwise:
    ufunc = np.frompyfunc(function, 2, 1)

    def wrapped(left: Array, right: Array) -> Array:
        result: Array = np.asarray(ufunc(left, right), dtype=object)
        return result

    return wrapped


def _complex_exp(z: Complex) -> Complex:
    size = elementary.exp(z.re)
    return Complex(size * elementary.UNARY["cos"](z.im), size * elementary.UNARY["sin"](z.im))


def _argument(z: Complex) -> Decimal:
    """The angle, in (-pi, pi]."""
    if not z.re:
        return elementary.half_pi().copy_sign(z.im) if z.im else Decimal(0)
    angle = elementary.UNARY["atan"](z.im / z.re)
    return angle if z.re > 0 else angle + elementary.pi().copy_sign(z.im)


def _complex_log(z: Complex) -> Complex:
    return Complex(elementary.log(abs(z)), _argument(z))


def _complex_sqrt(z: Complex) -> Complex:
    size = abs(z)
    return Complex(((size + z.re) / 2).sqrt(), ((size - z.re) / 2).sqrt().copy_sign(z.im))


def _split(data: Array) -> tuple[Array, Array]:
    return _over_elements(lambda z: z.re)(data), _over_elements(lambda z: z.im)(data)


EXACT: Final = Field(
    is_exact=True,
    unary={name: _over_elements(function) for name, function in elementary.UNARY.items()},
    of_complex={
        "exp": _over_elements(_complex_exp),
        "log": _over_elements(_complex_log),
        "sqrt": _over_elements(_complex_sqrt),
    },
    power=_over_pairs(elementary.power),
    remainder=_over_pairs(elementary.remainder),
    floor_divide=_over_pairs(elementary.floor_divide),
    rank_tolerance="1e-25",
    real=_over_elements(Decimal),
    complex=_over_elements(Complex.of),
    parts=_split,
)


def _as_float(data: Array) -> Array:
    return cast(Array, data.astype(np.float64))


def _as_complex(data: Array) -> Array:
    return cast(Array, data.astype(np.complex128))


def _float_function(function: Callable[[float], float]) -> Elementwise:
    inner = _over_elements(function)
    return lambda data: _as_float(inner(data))


def _log_gamma(x: float) -> float:
    return math.inf if math.isinf(x) or (x <= 0 and x == math.floor(x)) else math.lgamma(x)


def _sigmoid(data: Array) -> Array:
    return np.asarray(np.true_divide(1.0, 1 + np.exp(-data)))


def _sign(data: Array) -> Array:
    return cast(Array, np.nan_to_num(np.sign(data), nan=0.0))


FLOAT64: Final = Field(
    is_exact=False,
    unary={
        **{name: getattr(np, name) for name in ("exp", "expm1", "log", "log2", "log1p", "sqrt", "floor", "ceil")},
        **{name: getattr(np, name) for name in ("trunc", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
        **{f"a{name}": getattr(np, f"arc{name}") for name in ("sin", "cos", "tan")},
        "sign": _sign,
        "round": np.rint,
        "sigmoid": _sigmoid,
        "erf": _float_function(math.erf),
        "lgamma": _float_function(_log_gamma),
    },
    of_complex={"exp": np.exp, "log": np.log, "sqrt": np.sqrt},
    power=np.power,
    remainder=np.remainder,
    floor_divide=np.floor_divide,
    rank_tolerance="1e-10",
    real=_as_float,
    complex=_as_complex,
    parts=lambda data: (data.real, data.imag),
)
