"""Wrong versions of a right formula: transposed, negated, doubled, a term dropped, one A exchanged with A.T."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoil:
    """A formula that differs from the right one, and how."""

    how: str
    formula: str


def spoils(formula: str, matrices: Collection[str]) -> Iterator[Spoil]:
    """Every spoiled version of a formula; some may be equal to it, which is for the caller to find out."""
    yield Spoil("transposed", f"({formula}).T")
    yield Spoil("negated", f"-({formula})")
    yield Spoil("doubled", f"2 * ({formula})")
    terms = list(_terms(ast.parse(formula, mode="eval").body))
    for dropped in range(len(terms) if len(terms) > 1 else 0):
        kept = [text for position, text in enumerate(terms) if position != dropped]
        yield Spoil(f"term {dropped + 1} dropped", " ".join(kept).removeprefix("+ "))
    for position in range(_occurrences(formula, matrices)):
        yield _exchanged(formula, matrices, position)


def _terms(node: ast.expr, sign: str = "+") -> Iterator[str]:
    """The signed terms of the outermost sum."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        flipped = "-" if sign == "+" else "+"
        yield from _terms(node.left, sign)
        yield from _terms(node.right, sign if isinstance(node.op, ast.Add) else flipped)
    else:
        yield f"{sign} ({ast.unparse(node)})"


def _names(tree: ast.AST, matrices: Collection[str]) -> list[ast.Name]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in matrices]


def _occurrences(formula: str, matrices: Collection[str]) -> int:
    return len(_names(ast.parse(formula, mode="eval"), matrices))


class _Exchange(ast.NodeTransformer):
    def __init__(self, chosen: ast.Name) -> None:
        self.chosen = chosen

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if node.value is self.chosen and node.attr == "T":
            return self.chosen
        return self.generic_visit(node)  # type: ignore[return-value]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Attribute(copy.copy(node), "T", ast.Load()) if node is self.chosen else node


def _exchanged(formula: str, matrices: Collection[str], position: int) -> Spoil:
    tree = ast.parse(formula, mode="eval")
    chosen = _names(tree, matrices)[position]
    spoiled = ast.unparse(ast.fix_missing_locations(_Exchange(chosen).visit(tree)))
    return Spoil(f"{chosen.id} exchanged with its transpose, occurrence {position + 1}", spoiled)
