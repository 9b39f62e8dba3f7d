"""Sympy expressions as text of the formula language, by a small printer of our own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Protocol, cast

from torchgrade.model.value import Expression, Opaque, Scalar, ScalarType, Value
from torchgrade.wire.fields import clean

MAX_LENGTH = 2_000
_MAX_DEPTH = 32
_MAX_DIGITS = 40
_FUNCTIONS: Mapping[str, str] = {
    **{name: name for name in ("exp", "log", "sqrt", "sign", "floor", "erf")},
    **{name: name for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh")},
    "Abs": "abs",
    "ceiling": "ceil",
    "loggamma": "lgamma",
    "re": "real",
    "im": "imag",
    "conjugate": "conj",
}
_CONSTANTS: Mapping[str, str] = {
    "Pi": "pi",
    "Exp1": "e",
    "ImaginaryUnit": "1j",
    "Infinity": "inf",
    "NegativeInfinity": "(-inf)",
    "NaN": "nan",
}


class _Node(Protocol):
    """What is used of sympy's objects; `name` is a symbol's, `p` and `q` a rational number's."""

    args: tuple[_Node, ...]
    is_Float: bool  # noqa: N815
    is_Integer: bool  # noqa: N815
    is_Rational: bool  # noqa: N815
    name: str
    p: int
    q: int

    def __float__(self) -> float: ...


class _UnprintableError(Exception):
    """The expression has no text in the formula language."""


def is_expression(thing: object) -> bool:
    """True for sympy's objects; sympy is not imported for this, as nothing of it can exist before."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and issubclass(type(thing), sympy.Basic)


def expression(thing: object) -> Value:
    """A number where it is one (what `.subs` leaves), an Expression, or Opaque if the language has no such thing."""
    node = cast(_Node, thing)
    if node.is_Float:
        return Scalar(type=ScalarType.FLOAT, value=float(node))
    if node.is_Integer and abs(node.p) < 10**_MAX_DIGITS:
        return Scalar(type=ScalarType.INT, value=int(node.p))
    try:
        text = _print(node, 0)
    except _UnprintableError as refusal:
        return Opaque(type=clean(type(thing).__name__, _MAX_DIGITS), reason=str(refusal))
    return Expression(text=text)


def _print(node: _Node, depth: int) -> str:
    """The text of a node, in parentheses unless it is a name, a number or a call."""
    if depth > _MAX_DEPTH:
        raise _UnprintableError("an expression nested too deep")
    text = _text(node, depth)
    if len(text) > MAX_LENGTH:
        raise _UnprintableError("an expression that is too long")
    return text


def _text(node: _Node, depth: int) -> str:
    name = type(node).__name__
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    if name in _ATOMS:
        return _ATOMS[name](node)
    if node.is_Rational:
        return _ratio(node)
    if name in _FUNCTIONS:
        parts = [_print(part, depth + 1) for part in node.args]
        return f"{_FUNCTIONS[name]}({', '.join(parts)})"
    if name in _JOINED:
        return _JOINED[name]([_print(part, depth + 1) for part in node.args])
    raise _UnprintableError(f"{clean(name, _MAX_DIGITS)} has no place in a formula")


def _symbol(node: _Node) -> str:
    if not (node.name.isidentifier() and node.name.isascii()):
        raise _UnprintableError("a symbol that is no name")
    return str(node.name)


def _float(node: _Node) -> str:
    number = float(node)
    return repr(number) if number >= 0 else f"({number!r})"


def _ratio(node: _Node) -> str:
    above, below = int(node.p), int(node.q)
    if max(abs(above), below) >= 10**_MAX_DIGITS:
        raise _UnprintableError(f"a number of more than {_MAX_DIGITS} digits")
    if below == 1:
        return str(above) if above >= 0 else f"({above})"
    return f"({above}/{below})"


def _nested(function: str) -> Callable[[list[str]], str]:
    """`maximum(a, maximum(b, c))`: sympy's takes any number, the language's takes two."""

    def joined(parts: list[str]) -> str:
        text = parts[-1]
        for part in reversed(parts[:-1]):
            text = f"{function}({part}, {text})"
        return text

    return joined


_ATOMS: Mapping[str, Callable[[_Node], str]] = {"Symbol": _symbol, "Dummy": _symbol, "Float": _float}
_JOINED: Mapping[str, Callable[[list[str]], str]] = {
    "Add": lambda parts: f"({' + '.join(parts)})",
    "Mul": lambda parts: f"({' * '.join(parts)})",
    "Pow": lambda parts: f"({' ** '.join(parts)})",
    "Max": _nested("maximum"),
    "Min": _nested("minimum"),
}
