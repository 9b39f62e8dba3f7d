"""Elementary functions of one Decimal, to the digits of the context: mpmath's algorithms, IEEE's special values.

mpmath's stateless layer computes with raw binary floats (sign, mantissa, exponent, bits); it is faster than Decimal's
own exp and ln at these sizes, and has the functions that Decimal lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, getcontext, localcontext
from typing import Final, TypeAlias

from mpmath import libmp

Function: TypeAlias = Callable[[Decimal], Decimal]
_Raw: TypeAlias = tuple[int, int, int, int]

INFINITY: Final = Decimal("inf")
NAN: Final = Decimal("nan")
_ONE: Final = Decimal(1)
_TWO: Final = Decimal(2)
_HALF: Final = Decimal("0.5")
_EXTREME: Final = 2000
"""Beyond ten to this power (or its inverse) a function is replaced by its limit: both differ by less than any digit."""
_WHOLE_POWER: Final = 10_000


def _bits() -> int:
    return int(getcontext().prec * 3.33) + 16


def _to_raw(x: Decimal, bits: int) -> _Raw:
    above, below = x.as_integer_ratio()
    shift = bits + below.bit_length() - above.bit_length()
    if shift < 0:
        return libmp.from_man_exp(above // (below << -shift), -shift, bits)  # type: ignore[no-any-return]
    return libmp.from_man_exp((above << shift) // below, -shift, bits)  # type: ignore[no-any-return]


def _from_raw(raw: _Raw) -> Decimal:
    sign, mantissa, exponent, _ = raw
    if not mantissa:
        return {libmp.finf: INFINITY, libmp.fninf: -INFINITY, libmp.fzero: Decimal(0)}.get(raw, NAN)
    return Decimal(-int(mantissa) if sign else int(mantissa)) * _TWO**exponent


def _function(compute: Callable[[_Raw, int], _Raw], limits: tuple[Decimal, Decimal], tiny: Function) -> Function:
    """Wraps a function of mpmath: `limits` are its values at -inf and inf, `tiny` what it is next to 0."""

    def wrapped(x: Decimal) -> Decimal:
        if not x.is_finite() or x.adjusted() > _EXTREME:
            return NAN if x.is_nan() else limits[0 if x.is_signed() else 1]
        if not x or x.adjusted() < -_EXTREME:
            return tiny(x)
        bits = _bits()
        try:
            return _from_raw(compute(_to_raw(x, bits), bits))
        except libmp.ComplexResult:
            return NAN

    return wrapped


def _same(x: Decimal) -> Decimal:
    return x


def _one(x: Decimal) -> Decimal:
    return _ONE


def pi() -> Decimal:
    """Pi, to the digits of the context."""
    return _from_raw(libmp.mpf_pi(_bits()))


def half_pi() -> Decimal:
    """Half of pi."""
    return pi() / 2


def _arc(compute: Callable[[_Raw, int], _Raw]) -> Function:
    """Arcus tangent: its limits are not constants of every precision."""
    inner = _function(compute, (NAN, NAN), _same)

    def wrapped(x: Decimal) -> Decimal:
        if x.is_infinite() or (x.is_finite() and x.adjusted() > _EXTREME):
            return half_pi().copy_sign(x)
        return inner(x)

    return wrapped


_exp: Final = _function(libmp.mpf_exp, (Decimal(0), INFINITY), _one)
_log: Final = _function(libmp.mpf_log, (NAN, INFINITY), lambda x: x.ln())
_erf: Final = _function(libmp.mpf_erf, (-_ONE, _ONE), lambda x: 2 * x / pi().sqrt())
_log_gamma: Final = _function(libmp.mpf_loggamma, (INFINITY, INFINITY), lambda x: -x.copy_abs().ln())
_sin: Final = _function(libmp.mpf_sin, (NAN, NAN), _same)
_LONGEST_EXPONENT: Final = 24
"""Digits before the point of the greatest exponent of e that even Decimal has a number for, and some."""
_EXP_RANGE: Final = 9
"""exp of a number beyond ten to this power is left to Decimal, which knows overflow."""


def exp(x: Decimal) -> Decimal:
    """e**x; infinite where even Decimal has no number so great."""
    return _exp(x) if x.is_finite() and x.adjusted() < _EXP_RANGE else x.exp()


def log(x: Decimal) -> Decimal:
    """-inf at 0, NaN below."""
    if x.is_finite() and abs(x.adjusted()) >= _EXTREME:
        return x.ln()
    return _log(x) if x > 0 or not x else NAN


def _near_zero(function: Function) -> Function:
    """Computes with the digits that cancel when x is small."""

    def wrapped(x: Decimal) -> Decimal:
        lost = -x.adjusted() if x and x.is_finite() else 0
        if not x or lost > 2 * getcontext().prec:
            return x
        with localcontext() as context:
            context.prec += max(0, lost) + 3
            result = function(x)
        return +result

    return wrapped


def log2(x: Decimal) -> Decimal:
    """Exact at powers of two, so that ceil(log2(8)) is 3."""
    result = log(x) / log(_TWO)
    if not result.is_finite() or abs(result) > _EXTREME:
        return result
    whole = result.to_integral_value()
    return whole if _TWO**whole == x else result


def sign(x: Decimal) -> Decimal:
    """-1, 0 or 1; 0 for NaN, as torch has it."""
    return Decimal(0) if x.is_nan() or not x else _ONE.copy_sign(x)


def log_gamma(x: Decimal) -> Decimal:
    """The logarithm of |gamma|; infinite at 0, -1, -2, …"""
    if x > 0 or not x.is_finite():
        return _log_gamma(x)
    if x == x.to_integral_value():
        return INFINITY
    return log(pi() / abs(_sin(pi() * x))) - _log_gamma(1 - x)


def power(x: Decimal, y: Decimal) -> Decimal:
    """x**y: whole powers by multiplication, NaN for other powers of a negative number, 1 for x**0 and 1**y."""
    if not y or x == 1:
        return _ONE
    whole = y.is_finite() and y == y.to_integral_value()
    if whole and abs(y) <= _WHOLE_POWER:
        return x ** int(y)
    if y == _HALF:
        return x.sqrt()
    if x.is_infinite() or not x or not (x.is_finite() and y.is_finite()):
        return _limit_power(x, y)
    if x.is_signed():
        size = power(-x, y) if whole else NAN
        return -size if whole and y % 2 else size
    with localcontext() as context:
        near = max(0, -(x - 1).adjusted())  # digits of the logarithm that are lost where it is small
        context.prec += 10 + near + min(_LONGEST_EXPONENT, max(0, y.adjusted() + 4))
        result = exp(y * log(x))
    return +result


def _limit_power(x: Decimal, y: Decimal) -> Decimal:
    if x.is_nan() or y.is_nan():
        return NAN
    if y.is_infinite():
        size = abs(x)
        return _ONE if size == 1 else INFINITY if (size > 1) == (y > 0) else Decimal(0)
    return INFINITY if (not x) == (y < 0) else Decimal(0)


def remainder(x: Decimal, y: Decimal) -> Decimal:
    """Python's and torch's %: it has the sign of y; NaN for y = 0, and for an x too great to have digits left."""
    apart = max(0, x.adjusted() - y.adjusted()) if x and y and x.is_finite() and y.is_finite() else 0
    if apart > _EXTREME:
        return NAN
    with localcontext() as context:
        context.prec += apart
        rest = x % y
        if rest and rest.is_signed() != y.is_signed():
            rest += y
    return +rest


def floor_divide(x: Decimal, y: Decimal) -> Decimal:
    """x / y rounded down, even where the quotient would round up to a whole number."""
    if x.is_finite() and y.is_infinite():
        return Decimal(-1 if x and x.is_signed() != y.is_signed() else 0)
    if not y or not (x.is_finite() and y.is_finite()):
        return (x / y).to_integral_value(ROUND_FLOOR)
    return ((x - remainder(x, y)) / y).to_integral_value(ROUND_HALF_EVEN)


def _rounding(mode: str) -> Function:
    return lambda x: x.to_integral_value(mode)


def _sigmoid(x: Decimal) -> Decimal:
    return 1 / (1 + exp(-x))


UNARY: Final[Mapping[str, Function]] = {
    "exp": exp,
    "expm1": _near_zero(lambda x: exp(x) - 1),
    "log": log,
    "log2": log2,
    "log1p": _near_zero(lambda x: log(1 + x)),
    "sqrt": Decimal.sqrt,
    "sign": sign,
    "floor": _rounding(ROUND_FLOOR),
    "ceil": _rounding(ROUND_CEILING),
    "round": _rounding(ROUND_HALF_EVEN),
    "trunc": _rounding(ROUND_DOWN),
    "sin": _sin,
    "cos": _function(libmp.mpf_cos, (NAN, NAN), _one),
    "tan": _function(libmp.mpf_tan, (NAN, NAN), _same),
    "asin": _function(libmp.mpf_asin, (NAN, NAN), _same),
    "acos": _function(libmp.mpf_acos, (NAN, NAN), lambda x: half_pi() - x),
    "atan": _arc(libmp.mpf_atan),
    "sinh": _function(libmp.mpf_sinh, (-INFINITY, INFINITY), _same),
    "cosh": _function(libmp.mpf_cosh, (INFINITY, INFINITY), _one),
    "tanh": _function(libmp.mpf_tanh, (-_ONE, _ONE), _same),
    "sigmoid": _sigmoid,
    "erf": _erf,
    "lgamma": log_gamma,
}
"""The functions of one real number, by their names in formulas."""
