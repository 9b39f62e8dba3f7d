"""Goes through formula trees: the nodes below a node, and a tree with some nodes exchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

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


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order of the text."""
    match node:
        case Number() | Constant() | Name() | Dots():
            return ()
        case Unary() | Attribute():
            return (node.operand,)
        case Binary() | Compare():
            return (node.left, node.right)
        case Conditional():
            return (node.then, node.condition, node.otherwise)
        case Stack():
            return node.items
        case Slice():
            return tuple(part for part in (node.lower, node.upper, node.step) if part is not None)
        case Index():
            return (node.operand, *node.items)
        case Call():
            return (*node.arguments, *(value for _, value in node.keywords))


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the outside in."""
    yield node
    for child in children(node):
        yield from walk(child)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node with `change` done to each of its children."""
    match node:
        case Number() | Constant() | Name() | Dots():
            return node
        case Unary() | Attribute():
            return replace(node, operand=change(node.operand))
        case Binary() | Compare():
            return replace(node, left=change(node.left), right=change(node.right))
        case Conditional():
            parts = (change(node.condition), change(node.then), change(node.otherwise))
            return replace(node, condition=parts[0], then=parts[1], otherwise=parts[2])
        case Stack():
            return replace(node, items=tuple(map(change, node.items)))
        case Slice():
            bounds = [part and change(part) for part in (node.lower, node.upper, node.step)]
            return replace(node, lower=bounds[0], upper=bounds[1], step=bounds[2])
        case Index():
            return replace(node, operand=change(node.operand), items=tuple(map(change, node.items)))
        case Call():
            keywords = tuple((name, change(value)) for name, value in node.keywords)
            return replace(node, arguments=tuple(map(change, node.arguments)), keywords=keywords)
