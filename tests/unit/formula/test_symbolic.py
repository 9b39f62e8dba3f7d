"""Closed forms of elementwise derivatives, and their values."""

from __future__ import annotations

import math

import pytest

from torchgrade.formula.parse import parse
from torchgrade.formula.symbolic import closed_form, derivative_at

LETS = {"Q": parse("3*a**3 - b**2")}
AT = {"a": 0.7, "b": 1.3}
S = 1 / (1 + math.exp(-0.7))

# text, closed form of d/da, its value at AT
DERIVATIVES = [
    ("3*a**3 - b**2", "9*a**2", 4.41),
    ("Q / 3", "3*a**2", 1.47),
    ("grad(sum(Q), a)", "18*a", 12.6),
    ("grad(sum(grad(Q, a)), a)", "18", 18.0),
    ("b**2", "0", 0.0),
    ("-b / a", "b/a**2", 1.3 / 0.49),
    ("2.5*a**2 - 3*a*b", "5*a - 3*b", 3.5 - 3.9),
    ("sqrt(a)", "1/(2*sqrt(a))", 0.5 / math.sqrt(0.7)),
    ("sigmoid(a)", "1/((1 + exp(-a))**2*exp(a))", S * (1 - S)),
    ("tanh(a)/2", "1/2 - tanh(a)**2/2", (1 - math.tanh(0.7) ** 2) / 2),
    ("log2(a)", "1/(a*log(2))", 1 / (0.7 * math.log(2))),
    ("log1p(a) + expm1(a)", "exp(a) + 1/(a + 1)", math.exp(0.7) + 1 / 1.7),
    ("detach(a**2)*a", "a**2", 0.49),
    ("floor(3*a)*a", "floor(3*a)", 2.0),
    ("a % 0.3", "1", 1.0),
    ("relu(a)", "where(a > 0, 1, 0)", 1.0),
    ("maximum(a, b)", "where(a - b > 0, 1, 0)", 0.0),
    ("clamp(a, 0, 0.5)", None, 0.0),
    ("where(a > b, a**2, a**3)", "where(a > b, 2*a, 3*a**2)", 1.47),
    ("abs(a - b)", "sign(a - b)", -1.0),
    ("log(exp(a))", "1", 1.0),
    ("pi*a + e", "pi", math.pi),
    ("lgamma(a)", None, -1.2200235536979347),
]


@pytest.mark.parametrize(("text", "form", "value"), DERIVATIVES, ids=[row[0] for row in DERIVATIVES])
def test_derivatives(text: str, form: str | None, value: float) -> None:
    if form is not None:
        assert closed_form(parse(text), LETS, "a") == form
    assert derivative_at(parse(text), LETS, "a", AT) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("text", ["a @ b", "sum(a)", "a[0]", "a.T", "[a, b]", "softmax(a)", "clamp(a, 0)"])
def test_what_is_not_elementwise_has_none(text: str) -> None:
    assert closed_form(parse(text), LETS, "a") is None
    assert derivative_at(parse(text), LETS, "a", AT) is None


@pytest.mark.parametrize("text", ["a/a", "log(a)", "sqrt(a)", "log(a - 1)"])
def test_where_the_formula_has_no_value_neither_has_the_derivative(text: str) -> None:
    assert derivative_at(parse(text), {}, "a", {"a": 0.0}) is None


def test_circular_names_have_none() -> None:
    lets = {"loop": parse("pool + 1"), "pool": parse("loop")}
    assert closed_form(parse("loop + a"), lets, "a") is None


def test_a_name_without_a_value() -> None:
    assert derivative_at(parse("a*b"), {}, "a", {"a": 1.0}) is None


@pytest.mark.parametrize("text", [row[0] for row in DERIVATIVES if row[0] != "lgamma(a)"])
def test_closed_forms_read_back(text: str) -> None:
    form = closed_form(parse(text), LETS, "a")
    assert form is not None
    parse(form)
