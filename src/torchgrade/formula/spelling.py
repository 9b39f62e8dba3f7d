"""What people write instead of the formula language, and what to write instead of it."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from torchgrade.formula import syntax
from torchgrade.formula.functions import ATTRIBUTES, FUNCTIONS

MODULES: Final = frozenset({"torch", "math", "np", "numpy", "F", "nn", "sympy", "sp", "cmath"})
"""Names that begin a dotted path in Python and mean nothing here."""

_CALLS: Final[Mapping[str, str]] = {
    "matmul mm mv bmm dot inner": "{0} @ {1}",
    "mul multiply": "{0} * {1}",
    "add": "{0} + {1}",
    "sub subtract": "{0} - {1}",
    "div divide true_divide": "{0} / {1}",
    "pow power": "{0}**{1}",
    "square": "{0}**2",
    "neg": "-{0}",
    "rsqrt": "1 / sqrt({0})",
    "reciprocal": "1 / {0}",
    "logical_and": "{0} & {1}",
    "logical_or": "{0} | {1}",
    "logical_not": "~{0}",
    "eq": "{0} == {1}",
    "ne": "{0} != {1}",
    "lt": "{0} < {1}",
    "gt": "{0} > {1}",
    "t adjoint": "{0}.T",
    "tensor as_tensor clone contiguous item numpy": "{0}",
    "unsqueeze": "{0}[None] or {0}[..., None]",
    "view": "reshape({0}, …)",
    "flatten ravel": "reshape({0}, -1)",
    "size len": "shape({0})[0]",
    "dim": "{0}.ndim",
    "zeros_like": "zeros(shape({0}))",
    "ones_like": "ones(shape({0}))",
    "softplus": "log1p(exp({0}))",
    "inverse": "inv({0})",
    "matrix_rank": "rank({0})",
    "vector_norm matrix_norm": "norm({0})",
    "amax": "max({0})",
    "amin": "min({0})",
    "concat concatenate": "cat({0})",
    "cumulative_sum": "cumsum({0}, 0)",
    "unfold": "windows({0}, …)",
    "logdet slogdet": "log(det({0}))",
    "ceiling": "ceil({0})",
    "fabs Abs": "abs({0})",
    "arcsin": "asin({0})",
    "arccos": "acos({0})",
    "arctan": "atan({0})",
    "svd": "svdvals({0})",
    "eigh eigvals eig": "eigvalsh({0})",
}
INSTEAD: Final[Mapping[str, str]] = {name: form for names, form in _CALLS.items() for name in names.split()}
"""What is written in place of functions that other libraries have; {0} and {1} are their arguments."""

CHARACTERS: Final[Mapping[str, str]] = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MULTIPLICATION SIGN}": "*",
    "\N{MIDDLE DOT}": "*",
    "\N{DOT OPERATOR}": "*",
    "\N{RING OPERATOR}": "*",
    "\N{DIVISION SIGN}": "/",
    "\N{SUPERSCRIPT TWO}": "**2",
    "\N{SUPERSCRIPT THREE}": "**3",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{NOT EQUAL TO}": "!=",
    "\N{GREEK SMALL LETTER PI}": "pi",
    "\N{INFINITY}": "inf",
    "\N{SQUARE ROOT}": "sqrt(…)",
    "\N{N-ARY SUMMATION}": "sum(…)",
    "\N{MODIFIER LETTER CAPITAL T}": ".T",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{NO-BREAK SPACE}": "a space",
}


_NO_LOOPS: Final = ("a formula has no loops", "use the functions over whole tensors")
_CONSTRUCTS: Final[Mapping[type[ast.expr], tuple[str, str]]] = {
    ast.Lambda: ("a formula has no lambda", "write the expression itself, or give it a name in `let`"),
    ast.ListComp: _NO_LOOPS,
    ast.GeneratorExp: _NO_LOOPS,
    ast.SetComp: _NO_LOOPS,
    ast.DictComp: _NO_LOOPS,
    ast.NamedExpr: ("a formula assigns nothing", "give the expression a name in `let`"),
    ast.JoinedStr: ("a formula has no text in it", ""),
    ast.Tuple: ("a formula has no tuples", "write a list: [a, b]"),
    ast.Set: ("a formula has no sets", "write a list: [a, b]"),
    ast.Dict: ("a formula has no dicts", "write a list: [a, b]"),
    ast.Starred: ("a formula spreads nothing with *", "functions that take sizes also take one list: zeros(shape(x))"),
    ast.Slice: ("a slice stands in an index only", "write x[1:]"),
}


def construct(node: ast.expr) -> tuple[str, str]:
    """Why a construct of Python is refused, and what to write instead."""
    return _CONSTRUCTS.get(type(node), ("this has no place in a formula", ""))


def character(symbol: str) -> tuple[str, str]:
    """How a character that is not ASCII is called, and what to write instead (empty if nothing comes to mind)."""
    called = f"U+{ord(symbol):04X} {unicodedata.name(symbol, 'without a name')}"
    plain = unicodedata.normalize("NFKC", symbol)
    return called, CHARACTERS.get(symbol, plain if plain.isascii() and plain.isprintable() else "")


def operation(name: str, arguments: tuple[str, ...]) -> str:
    """How to write what Python calls `name`, with the arguments' texts; empty if it is not known."""
    if name in FUNCTIONS:
        return f"{name}({', '.join(arguments)})"
    form = INSTEAD.get(name, "")
    places = form.count("{0}") and 1 + form.count("{1}")
    if form and places <= len(arguments):
        return form.format(*(arguments if "({0}" in form else map(factor, arguments)))
    near = similar(name, FUNCTIONS, 0.76)
    return near and f"{near}({', '.join(arguments)})"


def attribute(name: str) -> str:
    """The attribute that was meant, with its dot."""
    if name in FUNCTIONS or name in INSTEAD:
        return operation(name, ("…",))
    near = similar(name, ATTRIBUTES)
    return f".{near}" if near else ""


def similar(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known name that is most like this one, or empty."""
    names = sorted(known)
    exact = [each for each in names if each.lower() == name.lower()]
    return next(iter(exact or get_close_matches(name, names, 1, likeness)), "")


def factor(text: str) -> str:
    """The text in brackets if an operator beside it could tear it apart."""
    try:
        body = syntax.expression(text)
    except (SyntaxError, ValueError):
        return text
    return text if isinstance(body, (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript)) else f"({text})"
