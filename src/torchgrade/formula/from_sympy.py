"""Turns sympy's expressions into formula trees, as somebody would write them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Final

from torchgrade.formula.tree import Binary, Call, Compare, Constant, Name, Node, Number, Unary

if TYPE_CHECKING:
    import sympy

_FUNCTIONS: Final[Mapping[str, str]] = {
    **{name: name for name in ("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh")},
    **{name: name for name in ("erf", "sign", "floor")},
    "loggamma": "lgamma",
    "Abs": "abs",
    "ceiling": "ceil",
}
_RELATIONS: Final[Mapping[str, str]] = {
    "Equality": "==",
    "Unequality": "!=",
    "StrictLessThan": "<",
    "LessThan": "<=",
    "StrictGreaterThan": ">",
    "GreaterThan": ">=",
}


class UnsayableError(Exception):
    """The expression has no form in the language."""


def to_tree(expression: sympy.Basic, names: Mapping[sympy.Symbol, str]) -> Node:
    """The formula of an expression whose symbols have these names; raises UnsayableError."""
    import sympy

    if expression.is_Symbol:
        return Name(names[expression])
    if expression.is_Rational:
        return _rational(Fraction(int(expression.p), int(expression.q)))
    if expression in (sympy.pi, sympy.E):
        return Constant("pi" if expression == sympy.pi else "e")
    if expression.is_Add:
        return reduce(_plus, (to_tree(term, names) for term in expression.as_ordered_terms()))
    if expression.is_Mul:
        return _product(expression, names)
    if expression.is_Pow:
        return _power(expression, names)
    return _function(expression, names)


def _rational(value: Fraction) -> Node:
    number: Node = Number(Fraction(abs(value.numerator)))
    number = Unary("-", number) if value < 0 else number
    return number if value.denominator == 1 else Binary("/", number, Number(Fraction(value.denominator)))


def _plus(left: Node, right: Node) -> Node:
    negative = _negated(right)
    return Binary("+", left, right) if negative is None else Binary("-", left, negative)


def _negated(node: Node) -> Node | None:
    """The formula without its leading minus; None if it has none."""
    if isinstance(node, Unary) and node.operator == "-":
        return node.operand
    if isinstance(node, Binary) and node.operator in {"*", "/"}:
        left = _negated(node.left)
        return None if left is None else Binary(node.operator, left, node.right)
    return None


def _product(expression: sympy.Expr, names: Mapping[sympy.Symbol, str]) -> Node:
    import sympy

    above, below = sympy.fraction(expression)
    if below != 1:
        return Binary("/", to_tree(above, names), to_tree(below, names))
    number, rest = above.as_coeff_Mul()
    factors = [to_tree(factor, names) for factor in rest.as_ordered_factors() if factor != 1]
    if number == -1 and factors:
        return Unary("-", reduce(_times, factors))
    return reduce(_times, ([] if number == 1 and factors else [to_tree(number, names)]) + factors)


def _times(left: Node, right: Node) -> Node:
    return Binary("*", left, right)


def _power(expression: sympy.Pow, names: Mapping[sympy.Symbol, str]) -> Node:
    import sympy

    base, exponent = expression.args
    if base == sympy.E:
        return Call("exp", (to_tree(exponent, names),))
    if exponent.is_Rational and exponent < 0:
        return Binary("/", Number(Fraction(1)), to_tree(base**-exponent, names))
    if exponent == sympy.Rational(1, 2):
        return Call("sqrt", (to_tree(base, names),))
    return Binary("**", to_tree(base, names), to_tree(exponent, names))


def _function(expression: sympy.Basic, names: Mapping[sympy.Symbol, str]) -> Node:
    kind = type(expression).__name__
    parts = expression.args
    if kind in _FUNCTIONS and len(parts) == 1:
        return Call(_FUNCTIONS[kind], (to_tree(parts[0], names),))
    if kind in {"Max", "Min"}:
        word = "maximum" if kind == "Max" else "minimum"
        return reduce(lambda left, right: Call(word, (left, right)), (to_tree(part, names) for part in parts))
    if kind in _RELATIONS:
        return Compare(_RELATIONS[kind], to_tree(parts[0], names), to_tree(parts[1], names))
    if kind == "Heaviside":
        inside = Compare(">", to_tree(parts[0], names), Number(Fraction(0)))
        return Call("where", (inside, Number(Fraction(1)), Number(Fraction(0))))
    if kind == "Piecewise" and len(parts) == 2 and bool(parts[1].args[1] == True):  # noqa: E712 - sympy's own true
        condition = to_tree(parts[0].args[1], names)
        return Call("where", (condition, to_tree(parts[0].args[0], names), to_tree(parts[1].args[0], names)))
    raise UnsayableError(kind)
