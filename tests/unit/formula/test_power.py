"""Powers that are no whole numbers: all digits near 1, and an answer at once however great the exponent."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

import mpmath
import pytest

from torchgrade.formula.elementary import INFINITY, power, remainder

DIGITS = 50


def exact() -> Context:
    return Context(prec=DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("2.5", "123456.7"),
        ("0.3", "-1e10"),
        ("1.0000000000000000000000000000001", "1e30"),
        (f"1.{'0' * 47}1", "1e48"),
        (f"1.{'0' * 47}1", "1e60"),
        (f"0.{'9' * 49}", "3.7e50"),
    ],
)
def test_all_digits_are_right(x: str, y: str) -> None:
    with localcontext(exact()):
        found = power(Decimal(x), Decimal(y))
    with mpmath.workdps(3 * DIGITS):
        wanted = mpmath.exp(mpmath.mpf(y) * mpmath.log(mpmath.mpf(x)))
        assert abs((mpmath.mpf(str(found)) - wanted) / wanted) < mpmath.mpf(10) ** (1 - DIGITS)


@pytest.mark.parametrize(
    ("x", "y", "limit"),
    [("9", "1e1000000", INFINITY), ("9", "-1e1000000", Decimal(0)), ("0.9", "1e1000000", Decimal(0))],
)
def test_no_digits_are_computed_that_no_number_has(x: str, y: str, limit: Decimal) -> None:
    with localcontext(exact()):
        assert power(Decimal(x), Decimal(y)) == limit


def test_the_remainder_of_a_number_without_digits_is_nan() -> None:
    with localcontext(exact()):
        assert remainder(Decimal("1e369693099"), Decimal(7)).is_nan()
        assert remainder(Decimal("1e40"), Decimal(7)) == 4
