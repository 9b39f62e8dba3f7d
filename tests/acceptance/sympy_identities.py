"""Derivative identities, read with `ast` from sympy's own tests and written in the formula language.

sympy's `test_derivatives.py` states them as `expr.diff(X) == closed_form`. Nothing of that file is run:
`MatrixSymbol.diff` is silently wrong for some expressions, so it is never the truth here, only the source of claims.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Shape = tuple[str, str] | None
"""Rows and columns, each `k` or `1`; None for a number."""

MATRICES = dict.fromkeys("XABCD", ("k", "k")) | dict.fromkeys("xyabcd", ("k", "1"))
NUMBERS = {"S.Half": "1/2", "k": "k"}
APPLIED = {"sin", "cos", "tan", "exp", "log", "sqrt"}


@dataclass(frozen=True, slots=True)
class Term:
    """A formula with the shape that its value has."""

    text: str
    shape: Shape = None
    atom: bool = False

    def __str__(self) -> str:
        return self.text if self.atom else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Identity:
    """`d(expression)/d(variable) == derivative`, at a line of sympy's file."""

    line: int
    expression: str
    variable: str
    derivative: str
    names: tuple[str, ...]


class UnreadableError(Exception):
    """A construct of sympy's file that has no counterpart in the formula language."""


def source() -> Path:
    """Where sympy's test file lies in the environment (it is part of the wheel)."""
    spec = importlib.util.find_spec("sympy")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "matrices" / "expressions" / "tests" / "test_derivatives.py"


def identities(text: str) -> tuple[Identity, ...]:
    """Every identity of a number differentiated by a matrix or vector, in the order of the file, each once."""
    found: dict[tuple[str, str], Identity] = {}
    for function in ast.parse(text).body:
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            for identity in _of_function(function):
                found.setdefault((identity.expression, identity.variable), identity)
    return tuple(found.values())


def _of_function(function: ast.FunctionDef) -> Iterator[Identity]:
    bound: dict[str, ast.expr] = {}
    for statement in function.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            bound[statement.targets[0].id] = statement.value
        elif isinstance(statement, ast.Assert):
            claim = _claim(statement.test)
            if claim is not None:
                yield from _identity(statement.lineno, claim, bound)


def _claim(test: ast.expr) -> tuple[ast.expr, ast.expr, ast.expr] | None:
    """(differentiated, variable, closed form) of `e.diff(v) == c` or `e.diff(v).dummy_eq(c)`, with any `.doit()`."""
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq):
        left, right = test.left, test.comparators[0]
    elif _method(test) == "dummy_eq":
        assert isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute)
        left, right = test.func.value, test.args[0]
    else:
        return None
    while _method(left) == "doit":
        assert isinstance(left, ast.Call) and isinstance(left.func, ast.Attribute)
        left = left.func.value
    if _method(left) != "diff":
        return None
    assert isinstance(left, ast.Call) and isinstance(left.func, ast.Attribute)
    return left.func.value, left.args[0], right


def _identity(
    line: int, claim: tuple[ast.expr, ast.expr, ast.expr], bound: Mapping[str, ast.expr]
) -> Iterator[Identity]:
    differentiated, variable, closed = claim
    if not (isinstance(variable, ast.Name) and variable.id in MATRICES):
        return
    try:
        expression, derivative = term(differentiated, bound), term(closed, bound)
    except UnreadableError:
        return
    if expression.shape not in (None, ("1", "1")) or derivative.shape is None:
        return
    names = sorted(name for name in MATRICES if _mentions(name, differentiated, closed, bound) or name == variable.id)
    number = expression.text if expression.shape is None else f"{expression}[0, 0]"
    yield Identity(line, number, variable.id, _shaped(derivative, variable.id), tuple(names))


def _shaped(derivative: Term, variable: str) -> str:
    """sympy writes the gradient of x as a row at times; ours has the shape of the variable."""
    if derivative.shape == ("1", "k") and MATRICES[variable] == ("k", "1"):
        return f"{derivative}.T"
    return derivative.text


def _mentions(name: str, *parts: object) -> bool:
    *trees, bound = parts
    assert isinstance(bound, Mapping)
    used = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}  # type: ignore[arg-type]
    used |= {node.id for key in used & set(bound) for node in ast.walk(bound[key]) if isinstance(node, ast.Name)}
    return name in used


def _method(node: ast.expr) -> str:
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def term(node: ast.expr, bound: Mapping[str, ast.expr]) -> Term:
    """The formula that says what a sympy expression says."""
    match node:
        case ast.Name(id=name) if name in bound:
            return term(bound[name], bound)
        case ast.Name(id=name) if name in MATRICES:
            return Term(name, MATRICES[name], atom=True)
        case ast.Name() | ast.Attribute(value=ast.Name(id="S")) if ast.unparse(node) in NUMBERS:
            return Term(NUMBERS[ast.unparse(node)])
        case ast.Constant(value=int(value)):
            return Term(str(value), atom=True)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = term(operand, bound)
            return Term(f"-{inner}", inner.shape)
        case ast.Attribute(value=value, attr="T"):
            inner = term(value, bound)
            return Term(f"{inner}.T", inner.shape and (inner.shape[1], inner.shape[0]), atom=True)
        case ast.BinOp():
            return _operation(node, bound)
        case ast.Call():
            return _call(node, bound)
    raise UnreadableError(ast.unparse(node))


def _operation(node: ast.BinOp, bound: Mapping[str, ast.expr]) -> Term:
    left, right = term(node.left, bound), term(node.right, bound)
    match node.op:
        case ast.Add() | ast.Sub():
            if left.shape != right.shape:
                raise UnreadableError(ast.unparse(node))
            return Term(f"{left} {'+' if isinstance(node.op, ast.Add) else '-'} {right}", left.shape)
        case ast.Mult():
            return _product(left, right)
        case ast.Div() if right.shape in (None, ("1", "1")):
            return Term(f"{left} / {right}", left.shape or right.shape)
        case ast.Pow():
            return _power(left, right.text)
    raise UnreadableError(ast.unparse(node))


def _product(left: Term, right: Term) -> Term:
    if left.shape is None or right.shape is None:
        return Term(f"{left} * {right}", left.shape or right.shape)
    if left.shape[1] != right.shape[0]:
        raise UnreadableError(f"{left} * {right}")
    return Term(f"{left} @ {right}", (left.shape[0], right.shape[1]))


def _power(left: Term, exponent: str) -> Term:
    if left.shape in (None, ("1", "1")):
        return Term(f"{left}**({exponent})", left.shape)
    count = {"2": 2, "3": 3, "-1": -1, "(-1)": -1}.get(exponent)
    if count is None:
        raise UnreadableError(f"{left}**{exponent}")
    return (
        Term(f"inv({left.text})", left.shape, atom=True)
        if count < 0
        else Term(" @ ".join([str(left)] * count), left.shape)
    )


def _call(node: ast.Call, bound: Mapping[str, ast.expr]) -> Term:
    if isinstance(node.func, ast.Attribute):
        return _method_call(node.func, node.args, bound)
    assert isinstance(node.func, ast.Name)
    name, arguments = node.func.id, node.args
    if name == "Rational":
        return Term("/".join(ast.unparse(part) for part in arguments))
    if name == "Identity":
        return Term("eye(k)", ("k", "k"), atom=True)
    parts = [term(argument, bound) for argument in arguments]
    if name in ("Inverse", "Trace", "Determinant"):
        function = {"Inverse": "inv", "Trace": "trace", "Determinant": "det"}[name]
        return Term(f"{function}({parts[0].text})", parts[0].shape if name == "Inverse" else None, atom=True)
    if name == "sqrt":
        return Term(f"sqrt({parts[0].text})", parts[0].shape, atom=True)
    if name == "DiagMatrix":
        return Term(f"diag({parts[0]}[:, 0])", ("k", "k"), atom=True)
    if name == "MatMul":
        product = parts[0]
        for part in parts[1:]:
            product = _product(product, part)
        return product
    if name in ("HadamardProduct", "hadamard_product"):
        return Term(" * ".join(str(part) for part in parts), parts[0].shape)
    if name in ("HadamardPower", "hadamard_power"):
        return Term(f"{parts[0]}**({parts[1].text})", parts[0].shape)
    raise UnreadableError(ast.unparse(node))


def _method_call(function: ast.Attribute, arguments: list[ast.expr], bound: Mapping[str, ast.expr]) -> Term:
    inner = term(function.value, bound)
    if function.attr == "inv":
        return Term(f"inv({inner.text})", inner.shape, atom=True)
    if function.attr == "applyfunc" and isinstance(arguments[0], ast.Name) and arguments[0].id in APPLIED:
        return Term(f"{arguments[0].id}({inner.text})", inner.shape, atom=True)
    raise UnreadableError(ast.unparse(function))
