"""Reads a formula: Python's own parser, a whitelist over its tree, and the language's own small tree out of it.

Nothing is ever evaluated. What is not allowed is refused with the place, a sentence and, where one is known, what to
write instead. Limits hold before Python's parser sees the text: it gets short, shallow ASCII only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias, TypedDict

from torchgrade.errors import FormulaError
from torchgrade.formula import spelling, syntax, tree
from torchgrade.formula.functions import ATTRIBUTES, CONSTANTS, FUNCTIONS
from torchgrade.formula.lexical import checked, unreadable
from torchgrade.formula.tree import Node

NODES: Final = 800
DEPTH: Final = 80
EXPONENT: Final = 1000

_BINARY: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}
_UNARY: Final[Mapping[type[ast.unaryop], str]] = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not"}
_COMPARE: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
}


class _Place(TypedDict):
    start: int
    end: int


_Items: TypeAlias = tuple[Node, ...]


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of a formula; raises FormulaError with the place of the first fault."""
    line = checked(text)
    shift = len(line) - len(line.lstrip())
    try:
        body = syntax.expression(line.strip())
        return _Reader(line.strip(), shift).read(body)
    except SyntaxError as error:
        raise unreadable(line, shift + max(0, (error.offset or 1) - 1)) from None
    except (RecursionError, MemoryError, ValueError):
        raise FormulaError("this formula is too large", code="formula-too-large", end=len(text)) from None


@dataclass(slots=True)
class _Reader:
    """Walks Python's tree; `shift` is how far its text stands from the beginning of the formula."""

    text: str
    shift: int
    nodes: int = 0
    depth: int = 0

    def read(self, node: ast.expr) -> Node:
        self.nodes += 1
        self.depth += 1
        if self.nodes > NODES or self.depth > DEPTH:
            limit = f"more than {NODES} parts" if self.nodes > NODES else f"parts in parts, more than {DEPTH} deep"
            raise self.fault(node, f"this formula has {limit}", "split it with `let`", "formula-too-large")
        result = self._node(node)
        self.depth -= 1
        return result

    def place(self, node: ast.expr) -> _Place:
        return {"start": self.shift + node.col_offset, "end": self.shift + (node.end_col_offset or node.col_offset)}

    def segment(self, node: ast.expr) -> str:
        return self.text[node.col_offset : node.end_col_offset]

    def fault(self, node: ast.expr, message: str, hint: str = "", code: str = "formula-forbidden") -> FormulaError:
        return FormulaError(message, code=code, hint=hint, **self.place(node))

    def _node(self, node: ast.expr) -> Node:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.UnaryOp():
                return tree.Unary(_UNARY[type(node.op)], self.read(node.operand), **self.place(node))
            case ast.BinOp():
                return self._binary(node)
            case ast.BoolOp():
                return self._junction(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp():
                parts = (self.read(node.test), self.read(node.body), self.read(node.orelse))
                return tree.Conditional(*parts, **self.place(node))
            case ast.List():
                return tree.Stack(tuple(map(self.read, node.elts)), **self.place(node))
            case ast.Subscript():
                return self._index(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case _:
                raise self.fault(node, *spelling.construct(node))

    def _constant(self, node: ast.Constant) -> Node:
        value, place, text = node.value, self.place(node), self.segment(node)
        if value is None or isinstance(value, bool):
            return tree.Constant(repr(value), **place)
        if isinstance(value, complex):
            return tree.Number(Fraction(text[:-1]), text[:-1].isdigit(), True, **place)
        if isinstance(value, (int, float)):
            return tree.Number(Fraction(text), isinstance(value, int), **place)
        if value is ...:
            raise self.fault(node, "... stands in an index only", "write x[..., 0]")
        raise self.fault(node, "a formula has no text in it", "write names without quotes")

    def _name(self, node: ast.Name, name: str) -> Node:
        if name.startswith("__"):
            raise self.fault(node, f"{name} is no name for a formula")
        return (tree.Constant if name in CONSTANTS else tree.Name)(name, **self.place(node))

    def _binary(self, node: ast.BinOp) -> Node:
        operator = _BINARY.get(type(node.op))
        if operator is None:
            shown = {ast.LShift: "<<", ast.RShift: ">>"}.get(type(node.op), "this operator")
            raise self.fault(node, f"a formula has no {shown}", "write a power of 2 as 2**n")
        left, right = self.read(node.left), self.read(node.right)
        if operator == "^" and (isinstance(left, tree.Number) or isinstance(right, tree.Number)):
            hint = f"write {self._factor(node.left)}**{self._factor(node.right)}"
            raise self.fault(node, "^ is exclusive or, not a power", hint)
        if operator == "**" and (_magnitude(right) or 0) > EXPONENT:
            raise self.fault(node.right, f"this exponent is beyond {EXPONENT}", code="formula-too-large")
        return tree.Binary(operator, left, right, **self.place(node))

    def _junction(self, node: ast.BoolOp) -> Node:
        operator = "and" if isinstance(node.op, ast.And) else "or"
        self.depth += len(node.values) - 2  # Python's tree has them side by side, ours each in the next
        result = self.read(node.values[0])
        for value in node.values[1:]:
            right, end = self.read(value), self.place(value)["end"]
            result = tree.Binary(operator, result, right, start=self.place(node)["start"], end=end)
            self.depth -= 1
        self.depth += 1
        return result

    def _comparison(self, node: ast.Compare) -> Node:
        sides = [node.left, *node.comparators]
        symbols = [_COMPARE.get(type(each), "in") for each in node.ops]
        if "in" in symbols:
            raise self.fault(node, "a formula has no `in`", "write any(x == a)")
        if len(symbols) > 1:
            texts = [self.segment(each) for each in sides]
            pairs = [f"{texts[i]} {symbol} {texts[i + 1]}" for i, symbol in enumerate(symbols)]
            raise self.fault(node, "a comparison has two sides", f"write {' and '.join(pairs)}")
        left, right = self.read(sides[0]), self.read(sides[1])
        if symbols[0] in {"is", "is not"} and right != tree.Constant("None"):
            raise self.fault(node, "`is` compares with None only", "write == or same_object(a, b)")
        if symbols[0] not in {"is", "is not"} and tree.Constant("None") in (left, right):
            raise self.fault(node, "None is nothing to calculate with", f"write {self.segment(node.left)} is None")
        return tree.Compare(symbols[0], left, right, **self.place(node))

    def _index(self, node: ast.Subscript) -> Node:
        operand = self.read(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if not parts:
            raise self.fault(node, "this index is empty", "write x[0], x[1:] or x[...]")
        items = tuple(map(self._item, parts))
        if sum(isinstance(item, tree.Dots) for item in items) > 1:
            raise self.fault(node, "an index holds ... once at most")
        return tree.Index(operand, items, **self.place(node))

    def _item(self, node: ast.expr) -> Node:
        if isinstance(node, ast.Constant) and node.value is ...:
            return tree.Dots(**self.place(node))
        if not isinstance(node, ast.Slice):
            return self.read(node)
        lower, upper, step = (None if part is None else self.read(part) for part in (node.lower, node.upper, node.step))
        if node.step is not None and _not_positive(step):
            raise self.fault(node, "the step of a slice is positive", "write flip(x, 0) to turn an axis round")
        return tree.Slice(lower, upper, step, **self.place(node))

    def _attribute(self, node: ast.Attribute) -> Node:
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id in spelling.MODULES:
            hint = f"write {name}" if name in CONSTANTS or name in FUNCTIONS else ""
            raise self.fault(node, f"{self.segment(node)}: a formula knows no modules", hint)
        if name not in ATTRIBUTES:
            hint = spelling.attribute(name).replace("…", self.segment(node.value), 1)
            allowed = ", ".join(f".{each}" for each in sorted(ATTRIBUTES))
            raise self.fault(node, f".{name} is no attribute here; there are {allowed}", hint and f"write {hint}")
        return tree.Attribute(self.read(node.value), name, **self.place(node))

    def _call(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name):
            raise self._method(node)
        name = node.func.id
        if name not in FUNCTIONS:
            hint = spelling.operation(name, tuple(map(self.segment, node.args)))
            message = f"there is no function {name}"
            raise self.fault(node.func, message, hint and f"write {hint}", "formula-unknown-function")
        self._no_twice(node)
        named = tuple((each.arg or "", self.read(each.value)) for each in node.keywords)
        return tree.Call(name, self._arguments(name, node.args), named, **self.place(node))

    def _arguments(self, name: str, nodes: list[ast.expr]) -> _Items:
        match nodes:
            case [ast.Constant(value=str(equation)), *operands] if name == "einsum":
                if not re.fullmatch(r"[A-Za-z., ]*->[A-Za-z. ]*", equation):
                    raise self.fault(
                        nodes[0], "this is no equation of einsum", "write 'ij,jk->ik', with ->", "formula-arguments"
                    )
                # An equation is told from a constant's name by its arrow.
                return (tree.Constant(equation.replace(" ", ""), **self.place(nodes[0])), *map(self.read, operands))
        return tuple(map(self.read, nodes))

    def _no_twice(self, node: ast.Call) -> None:
        seen: set[str] = set()
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.fault(keyword.value, "a formula spreads nothing with **", code="formula-arguments")
            if keyword.arg in seen:
                raise self.fault(keyword.value, f"{keyword.arg}= stands here twice", code="formula-arguments")
            seen.add(keyword.arg)

    def _method(self, node: ast.Call) -> FormulaError:
        if not isinstance(node.func, ast.Attribute):
            return self.fault(node.func, "only a function's name can be called", "between factors write *")
        name, receiver = node.func.attr, node.func.value
        keywords = tuple(f"{each.arg}={self.segment(each.value)}" for each in node.keywords)
        texts = (*map(self.segment, node.args), *keywords)
        owner = re.split(r"\W", self.segment(receiver))[0]
        if owner in spelling.MODULES:
            hint = spelling.operation(name, texts)
            return self.fault(node, f"{self.segment(node.func)}: a formula knows no modules", hint and f"write {hint}")
        hint = spelling.operation(name, (self.segment(receiver), *texts))
        return self.fault(node, f".{name}(…): a formula has functions, no methods", hint and f"write {hint}")

    def _factor(self, node: ast.expr) -> str:
        return spelling.factor(self.segment(node))


def _not_positive(step: Node | None) -> bool:
    return isinstance(step, tree.Unary) or (isinstance(step, tree.Number) and step.value <= 0)


def _magnitude(node: Node) -> float | None:
    """About how great a formula of literals is; None for anything else."""
    try:
        match node:
            case tree.Number(value):
                return float(abs(value))
            case tree.Unary("-" | "+", operand):
                return _magnitude(operand)
            case tree.Binary("+" | "-" | "*" | "/" | "//" | "**" as operator, left, right):
                return _combined(operator, _magnitude(left), _magnitude(right))
    except (OverflowError, ZeroDivisionError):
        return float("inf")
    return None


def _combined(operator: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    if operator == "**":
        return float(left**right)
    if operator in {"/", "//"}:
        return left / right
    return left * right if operator == "*" else left + right
