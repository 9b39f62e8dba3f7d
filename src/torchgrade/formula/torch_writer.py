"""Writes a formula as torch source text: one expression, with no bracket too many.

Every part is known to be a Python number or a tensor, and of which sort, because the two are written differently:
`math.sqrt(2)` but `torch.sqrt(x)`, `max(n, 1)` but `torch.clamp(x, min=1)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from torchgrade.errors import FormulaError
from torchgrade.formula.display import ATOM, COMPARISON, LOWEST, POSTFIX, binding, decimal, sides
from torchgrade.formula.functions import FUNCTIONS, bind
from torchgrade.formula.torch_piece import Piece, joined
from torchgrade.formula.tree import (
    Attribute,
    Binary,
    Call,
    Compare,
    Conditional,
    Constant,
    Dots,
    Index,
    Name,
    Node,
    Number,
    Slice,
    Stack,
    Unary,
)

Bound: TypeAlias = Mapping[str, Node]
Rule: TypeAlias = Callable[["Writer", Call, Bound], Piece]
"""How a call is written, from its bound arguments."""

_CONSTANTS: Final = {"pi": "math.pi", "e": "math.e", "inf": "math.inf", "nan": "math.nan"}
_SIMPLE: Final = re.compile(r"-?[\w.]+")
_LARGEST: Final = 100_000


def no_source(node: Node, what: str) -> FormulaError:
    """The fault of a formula that has no torch source."""
    message = f"{what} has no torch source"
    return FormulaError(
        message, code="formula-no-source", start=node.start, end=node.end, hint="write a `function` instead"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """What names stand for, the `let` names written out at their use, and the text of the case's floating dtype."""

    names: Mapping[str, Piece]
    lets: Mapping[str, Node]
    calls: Mapping[str, Rule]
    dtype: str = ""

    def with_names(self, **names: Piece) -> Writer:
        """The same, with some names standing for something else."""
        return replace(self, names={**self.names, **names})

    def write(self, node: Node) -> Piece:
        """The text of a formula."""
        piece = self._write(node)
        if len(piece.text) > _LARGEST:
            raise FormulaError("written out, this formula is too large", code="formula-too-large", end=node.end)
        return piece

    def _write(self, node: Node) -> Piece:
        match node:
            case Number():
                text = decimal(node.value, node.is_integer) + ("j" if node.is_imaginary else "")
                return Piece(text, ATOM, "int" if node.is_integer and not node.is_imaginary else "float", True)
            case Constant(name):
                sort = "bool" if name in {"True", "False"} else "float"
                return Piece(_CONSTANTS.get(name, name), ATOM, sort, True)
            case Name(name):
                if name not in self.names and name in self.lets:
                    return self.write(self.lets[name])
                return self.names.get(name, Piece(name, ATOM))
            case Unary():
                return self._unary(node)
            case Binary():
                return self._binary(node)
            case Compare():
                pair = self.plain(node.left), self.plain(node.right)
                text = f" {node.operator} ".join(each.within(COMPARISON + 1) for each in pair)
                return Piece(text, COMPARISON, "bool", all(each.number for each in pair) or "is" in node.operator)
            case Conditional():
                then, test, other = map(self.write, (node.then, node.condition, node.otherwise))
                text = f"{then.within(LOWEST + 1)} if {test.within(LOWEST + 1)} else {other.within(LOWEST)}"
                return Piece(text, LOWEST, joined(then, other), then.number and other.number)
            case Stack():
                return self._stack(node)
            case Index():
                return self._index(node)
            case Attribute():
                return self._attribute(node)
            case Call():
                if node.function not in self.calls:
                    raise no_source(node, node.function)
                return self.calls[node.function](self, node, bind(FUNCTIONS[node.function], node))
            case Slice() | Dots():
                return Piece(self._item(node))

    def plain(self, node: Node) -> Piece:
        """The text of a formula, with a shape as a tensor of integers."""
        piece = self.write(node)
        return self.tensor(piece) if piece.sort == "sizes" else piece

    def tensor(self, piece: Piece, sort: str = "") -> Piece:
        """A tensor of the same value."""
        if piece.sort == "sizes":
            return Piece(f"torch.tensor({piece.text})", sort="int")
        if not piece.number:
            return piece
        if piece.sort == "symbol":
            raise FormulaError("a symbol has no torch source", code="formula-no-source")
        sort = sort or piece.sort
        return Piece(f"torch.tensor({piece.text}{self.named_dtype(sort)})", sort=sort)

    def floating(self, piece: Piece) -> Piece:
        """The same tensor or number with floating elements."""
        if piece.number or piece.sort not in {"int", "bool"}:
            return piece
        return Piece(f"{piece.within(POSTFIX)}.to({self.dtype or 'torch.get_default_dtype()'})")

    def named_dtype(self, sort: str = "float") -> str:
        """A further argument that names the dtype of new tensors, where they would not have it anyway."""
        return f", dtype={self.dtype}" if sort == "float" and self.dtype else ""

    def _unary(self, node: Unary) -> Piece:
        operand = self.plain(node.operand)
        if node.operator == "not" or (node.operator == "~" and operand.number):
            level = binding(Unary("not", node.operand))
            return Piece(f"not {operand.within(level)}", level, "bool", True)
        if node.operator != "~":
            operand = _counted(operand)
        level = binding(node)
        return Piece(f"{node.operator}{operand.within(level)}", level, operand.sort, operand.number)

    def _binary(self, node: Binary) -> Piece:
        left, right = self.plain(node.left), self.plain(node.right)
        operator = node.operator
        if operator == "-" or (operator in {"+", "*"} and left.sort == right.sort == "bool"):
            left, right = _counted(left), _counted(right)
        if operator == "/" and not (left.number and right.number) and joined(left, right) != "float":
            left, right = self.floating(left), self.floating(right)
        if operator == "@" and left.sort != right.sort:
            left, right = self.floating(left), self.floating(right)
        sort = joined(left, right)
        sort = "float" if operator == "/" and sort in {"int", "bool"} else sort
        texts = left.within(sides(operator)[0]), right.within(sides(operator)[1])
        tight = operator == "**" and all(map(_SIMPLE.fullmatch, texts))
        text = (operator if tight else f" {operator} ").join(texts)
        return Piece(text, binding(node), sort, left.number and right.number)

    def rows(self, node: Node) -> Piece:
        """A list of numbers, or of such lists, as Python text; of anything else its own text."""
        if not isinstance(node, Stack):
            return self.write(node)
        items = [self.rows(item) for item in node.items]
        sort = joined(*items)
        text = f"[{', '.join(item.text for item in items)}]"
        return Piece(text, ATOM, sort, all(item.number for item in items))

    def _stack(self, node: Stack) -> Piece:
        rows = self.rows(node)
        if rows.number:
            return self.tensor(rows)
        return Piece(f"torch.stack({self.tensors(node)})", sort=joined(*map(self.write, node.items)))

    def tensors(self, node: Node) -> str:
        """A list of tensors, from a list whose items may be numbers."""
        if not isinstance(node, Stack):
            raise no_source(node, "a list that is not written out")
        pieces = [self.plain(item) for item in node.items]
        sort = joined(*pieces)
        return f"[{', '.join(self.tensor(piece, sort).text for piece in pieces)}]"

    def sizes(self, node: Node) -> str:
        """Sizes or axes as a tuple."""
        if not isinstance(node, Stack):
            piece = self.write(node)
            return piece.text if piece.sort == "sizes" else f"({piece.text},)" if piece.number else _listed(piece)
        pieces = [self.write(item) for item in node.items]
        if len(pieces) == 1 and pieces[0].sort == "sizes":
            return pieces[0].text
        texts = [f"*{each.within(POSTFIX)}" if each.sort == "sizes" else self.integer(each) for each in pieces]
        return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"

    def integer(self, piece: Piece) -> str:
        """A size as a Python int."""
        return piece.text if piece.number else f"int({piece.text})"

    def _index(self, node: Index) -> Piece:
        operand = self.write(node.operand)
        operand = self.tensor(operand) if operand.number else operand
        text = f"{operand.within(POSTFIX)}[{', '.join(map(self._item, node.items))}]"
        if operand.sort != "sizes":
            return Piece(text, sort=operand.sort)
        if len(node.items) == 1 and isinstance(node.items[0], Slice):
            return Piece(text, sort="sizes")
        return Piece(text, sort="int", number=True)

    def _item(self, node: Node) -> str:
        if isinstance(node, Dots):
            return "..."
        if isinstance(node, Slice):
            bounds = [
                "" if part is None else self.integer(self.write(part)) for part in (node.lower, node.upper, node.step)
            ]
            return ":".join(bounds if bounds[2] else bounds[:2])
        return self.write(node).text

    def _attribute(self, node: Attribute) -> Piece:
        operand = self.tensor(self.plain(node.operand))
        text = f"{operand.within(POSTFIX)}.{node.name}"
        match node.name:
            case "T" | "mT" | "grad":
                return Piece(text, sort=operand.sort)
            case "shape":
                return Piece(text, sort="sizes")
            case "after":
                raise no_source(node, ".after")
            case _:
                return Piece(text, sort="int" if node.name == "ndim" else "bool", number=True)


def _counted(piece: Piece) -> Piece:
    """A bool tensor as zeros and ones; anything else as it is."""
    if piece.sort != "bool" or piece.number:
        return piece
    return Piece(f"{piece.within(POSTFIX)}.to(torch.int64)", sort="int")


def _listed(piece: Piece) -> str:
    return f"{piece.within(POSTFIX)}.tolist()"
