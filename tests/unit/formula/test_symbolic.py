"""Elementwise derivatives by their closed forms, where the names have values."""

from __future__ import annotations

import math

import pytest

from torchgrade.formula.parse import parse
from torchgrade.formula.symbolic import derivative_at

LETS = {"Q": parse("3*a**3 - b**2")}
AT = {"a": 0.7, "b": 1.3}
S = 1 / (1 + math.exp(-0.7))

# text, d/da at AT
DERIVATIVES = [
    ("3*a**3 - b**2", 4.41),
    ("Q / 3", 1.47),
    ("grad(sum(Q), a)", 12.6),
    ("grad(sum(grad(Q, a)), a)", 18.0),
    ("b**2", 0.0),
    ("-b / a", 1.3 / 0.49),
    ("2.5*a**2 - 3*a*b", 3.5 - 3.9),
    ("sqrt(a)", 0.5 / math.sqrt(0.7)),
    ("sigmoid(a)", S * (1 - S)),
    ("tanh(a)/2", (1 - math.tanh(0.7) ** 2) / 2),
    ("log2(a)", 1 / (0.7 * math.log(2))),
    ("log1p(a) + expm1(a)", math.exp(0.7) + 1 / 1.7),
    ("detach(a**2)*a", 0.49),
    ("floor(3*a)*a", 2.0),
    ("a % 0.3", 1.0),
    ("relu(a)", 1.0),
    ("maximum(a, b)", 0.0),
    ("clamp(a, 0, 0.5)", 0.0),
    ("where(a > b, a**2, a**3)", 1.47),
    ("abs(a - b)", -1.0),
    ("log(exp(a))", 1.0),
    ("pi*a + e", math.pi),
    ("lgamma(a)", -1.2200235536979347),
]


@pytest.mark.parametrize(("text", "value"), DERIVATIVES, ids=[row[0] for row in DERIVATIVES])
def test_derivatives(text: str, value: float) -> None:
    assert derivative_at(parse(text), LETS, "a", AT) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("text", ["a @ b", "sum(a)", "a[0]", "a.T", "[a, b]", "softmax(a)", "clamp(a, 0)"])
def test_what_is_not_elementwise_has_none(text: str) -> None:
    assert derivative_at(parse(text), LETS, "a", AT) is None


@pytest.mark.parametrize("text", ["a/a", "log(a)", "sqrt(a)", "log(a - 1)"])
def test_where_the_formula_has_no_value_neither_has_the_derivative(text: str) -> None:
    assert derivative_at(parse(text), {}, "a", {"a": 0.0}) is None


def test_circular_names_have_none() -> None:
    lets = {"loop": parse("pool + 1"), "pool": parse("loop")}
    assert derivative_at(parse("loop + a"), lets, "a", AT) is None


def test_a_name_without_a_value() -> None:
    assert derivative_at(parse("a*b"), {}, "a", {"a": 1.0}) is None
