"""Wrong versions of right code: one thing in its syntax tree changed, as it is when one slips.

Some are by chance as right as the original, which is for whoever grades them to find out.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Change = Callable[[ast.expr], ast.expr | None]
_OPPOSITE = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.MatMult: ast.Mult}
_PAIRS = "sum mean, max min, argmax argmin, cumsum cumprod, gt ge, all any, zeros ones, exp log, sin cos, tril triu"
_OTHER = {one: other for pair in _PAIRS.split(", ") for one, other in (pair.split(), pair.split()[::-1])}
_EXCHANGED = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Eq: ast.NotEq}


def mutations(text: str) -> Iterator[tuple[str, str]]:
    """How, and the whole text with that one change; nothing of code with a `while`, which could become endless."""
    tree = ast.parse(text)
    if any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return
    for place, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.expr):
            continue
        for how, change in CHANGES.items():
            if change(node) is not None:
                yield how, _at(tree, place, change)


def _at(tree: ast.Module, place: int, change: Change) -> str:
    """The text with the expression at a place of the walk changed."""
    whole = copy.deepcopy(tree)
    nodes = list(ast.walk(whole))
    target = nodes[place]
    assert isinstance(target, ast.expr)
    new = change(target)
    for parent in nodes:
        for field, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, field, new)
            elif isinstance(value, list) and any(each is target for each in value):
                value[next(i for i, each in enumerate(value) if each is target)] = new
    return ast.unparse(ast.fix_missing_locations(whole)) + "\n"


def _sign(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return ast.BinOp(node.left, _OPPOSITE[type(node.op)](), node.right)
    return node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else None


def _operator(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div, ast.MatMult)):
        return ast.BinOp(node.left, _OPPOSITE[type(node.op)](), node.right)
    return None


def _dropped(node: ast.expr) -> ast.expr | None:
    return node.left if isinstance(node, ast.BinOp) else None


def _exchanged(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult, ast.Pow)):
        return ast.BinOp(node.right, node.op, node.left)
    if isinstance(node, ast.Call) and len(node.args) == 2:
        return ast.Call(node.func, node.args[::-1], node.keywords)
    return None


def _transposed(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        return node.value
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and len(node.id) == 1 and node.id.isupper():
        return ast.Attribute(node, "T", ast.Load())
    return None


def _number(node: ast.expr) -> ast.expr | None:
    """Off by one: the other axis, another power, one too many."""
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return None
    value = node.value
    assert isinstance(value, (int, float))
    return ast.Constant(1 - value if value in (0, 1) else value + 1)


def _flag(node: ast.expr) -> ast.expr | None:
    return ast.Constant(not node.value) if isinstance(node, ast.Constant) and type(node.value) is bool else None


def _bound(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _EXCHANGED:
        return ast.Compare(node.left, [_EXCHANGED[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    return None


def _function(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.Attribute) and node.attr in _OTHER and isinstance(node.ctx, ast.Load):
        return ast.Attribute(node.value, _OTHER[node.attr], ast.Load())
    return None


CHANGES: dict[str, Change] = {
    "another sign": _sign,
    "another operator": _operator,
    "a term dropped": _dropped,
    "two exchanged": _exchanged,
    "a transposition": _transposed,
    "off by one": _number,
    "a flag turned": _flag,
    "another bound": _bound,
    "another function": _function,
}
