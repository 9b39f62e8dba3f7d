"""Reads a node in a frame: what every kind of node and every operator means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula import derive, elementwise
from torchgrade.formula.arithmetic import BINARY, compare, invert, negative, positive
from torchgrade.formula.arrange import stack
from torchgrade.formula.catalogue import FORMS, bound
from torchgrade.formula.exact import Exact, Kind, array, objects
from torchgrade.formula.functions import FUNCTIONS, bind
from torchgrade.formula.index import indexed
from torchgrade.formula.linear import matmul
from torchgrade.formula.reading import Frame, room
from torchgrade.formula.tree import (
    Attribute,
    Binary,
    Call,
    Compare,
    Conditional,
    Constant,
    Index,
    Name,
    Node,
    Number,
    Stack,
    Unary,
)
from torchgrade.model.said import said
from torchgrade.model.value import Tensor

_UNARY: Final = {"-": negative, "+": positive, "~": invert}


def read(node: Node, frame: Frame) -> Exact:
    """What a node is worth in a frame; a fault gets the place of the innermost node that knows none."""
    try:
        result = _READERS[type(node)](node, frame)
        frame.reading.spend(result.data.size or room(result.shape))
    except FormulaError as fault:
        if not fault.end:
            fault.start, fault.end = node.start, node.end
        raise
    return result


def _number(node: Number, frame: Frame) -> Exact:
    constants = frame.reading.constants
    if id(node) not in constants:
        constants[id(node)] = _made(node, frame)
    return constants[id(node)]


def _made(node: Number, frame: Frame) -> Exact:
    field = frame.reading.field
    if node.is_imaginary:
        unit = field.complex(objects([1j], ()))
        return array(Kind.COMPLEX, unit * field.complex(np.asarray(field.number(node.value))))
    if node.is_integer:
        return array(Kind.INT, int(node.value))
    return array(Kind.FLOAT, field.number(node.value))


def _constant(node: Constant, frame: Frame) -> Exact:
    field = frame.reading.field
    match node.name:
        case "True" | "False":
            return array(Kind.BOOL, node.name == "True")
        case "pi":
            return array(Kind.FLOAT, field.pi())
        case "e":
            return array(Kind.FLOAT, field.e())
        case "inf" | "nan":
            return array(Kind.FLOAT, field.number(node.name))
    raise FormulaError(f"{node.name} is nothing to calculate with", code="formula-kind")


def _name(node: Name, frame: Frame) -> Exact:
    return frame.lookup(node)


def _unary(node: Unary, frame: Frame) -> Exact:
    if node.operator == "not":
        return array(Kind.BOOL, not truth(node.operand, frame))
    return _UNARY[node.operator](frame.reading, frame.read(node.operand))


def truth(node: Node, frame: Frame) -> bool:
    """One bool (or number) as a condition."""
    found = frame.read(node)
    if found.data.ndim:
        raise FormulaError(
            said("one bool is needed here, not shape {shape}", shape=str(list(found.shape))),
            code="formula-not-a-number",
            start=node.start,
            end=node.end,
            hint="write all(…) or any(…), or & | ~ between tensors",
        )
    return bool(found.data.item())


def _binary(node: Binary, frame: Frame) -> Exact:
    if node.operator == "and":
        return array(Kind.BOOL, truth(node.left, frame) and truth(node.right, frame))
    if node.operator == "or":
        return array(Kind.BOOL, truth(node.left, frame) or truth(node.right, frame))
    left, right = frame.read(node.left), frame.read(node.right)
    return (matmul if node.operator == "@" else BINARY[node.operator])(frame.reading, left, right)


def _compare(node: Compare, frame: Frame) -> Exact:
    if node.operator in ("is", "is not"):
        return array(Kind.BOOL, is_none(node.left, frame) is (node.operator == "is"))
    return compare(frame.reading, node.operator, frame.read(node.left), frame.read(node.right))


def is_none(node: Node, frame: Frame) -> bool:
    """Whether nothing was left in a `.grad`; every other value is something."""
    if isinstance(node, Attribute) and node.name == "grad":
        return _observed(node.operand, frame).grad is None
    return node == Constant("None")


def _conditional(node: Conditional, frame: Frame) -> Exact:
    return frame.read(node.then if truth(node.condition, frame) else node.otherwise)


def _stack(node: Stack, frame: Frame) -> Exact:
    return stack(frame.reading, tuple(map(frame.read, node.items)))


def _index(node: Index, frame: Frame) -> Exact:
    return indexed(frame, frame.read(node.operand), node.items)


def _attribute(node: Attribute, frame: Frame) -> Exact:
    match node.name:
        case "grad" | "after":
            return _left_behind(node, frame)
        case "requires_grad" | "is_leaf" | "is_contiguous":
            return array(Kind.BOOL, getattr(_observed(node.operand, frame), node.name))
    x = frame.read(node.operand)
    match node.name:
        case "shape":
            return array(Kind.INT, objects(x.shape, (len(x.shape),)))
        case "ndim":
            return array(Kind.INT, x.data.ndim)
    if x.data.ndim < 2 or (node.name == "T" and x.data.ndim != 2):
        told = {"name": f".{node.name}", "shape": str(list(x.shape))}
        message = said("{name} needs two axes, not shape {shape}", **told)
        if node.name != "T":
            message = said("{name} needs matrices, not shape {shape}", **told)
        raise FormulaError(message, code="formula-shape", hint="write permute(x, …)")
    return array(x.kind, np.swapaxes(x.data, -1, -2))


def _observed(node: Node, frame: Frame) -> Tensor:
    name = node.name if isinstance(node, Name) else ""
    if isinstance(node, Attribute) and node.name == "grad":
        grad = _observed(node.operand, frame).grad
        if grad is not None:
            return grad
        raise FormulaError(said("its .grad is None"), code="formula-kind")
    if isinstance(node, Attribute) and node.name == "after":
        return _observed(node.operand, frame)
    if name not in frame.reading.observed:
        raise FormulaError(f"nothing was observed of {name or 'this'}", code="formula-unknown-name")
    found = frame.reading.observed[name]
    if not isinstance(found, Tensor):
        raise FormulaError(said("{name} is no tensor", name=name), code="formula-kind")
    return found


def _left_behind(node: Attribute, frame: Frame) -> Exact:
    """`x.after` or `x.grad`: variables of their own."""
    name = node.operand.name if isinstance(node.operand, Name) else ""
    found = _observed(node.operand, frame)
    if f"{name}.{node.name}" in frame.values:
        return frame.values[f"{name}.{node.name}"]
    if node.name == "grad" and found.grad is None:
        raise FormulaError(said("{name}.grad is None", name=name), code="formula-kind")
    raise FormulaError(f"{name}.{node.name} was not observed", code="formula-unknown-name")


def _call(node: Call, frame: Frame) -> Exact:
    if node.function in FORMS:
        return _FORMS[node.function](node, frame)
    calls = frame.reading.calls
    if id(node) not in calls:
        calls[id(node)] = bound(node)
    return calls[id(node)](frame)


def _where(node: Call, frame: Frame) -> Exact:
    """A branch that is nowhere taken may be impossible to compute."""
    found = bind(FUNCTIONS["where"], node)
    condition = frame.read(found["condition"])
    chosen = np.asarray(condition.data, dtype=bool)
    branches: list[Exact | None] = []
    for name, is_taken in (("input", chosen.any()), ("other", not chosen.all())):
        try:
            branches.append(frame.read(found[name]))
        except FormulaError as fault:
            if is_taken or fault.code != "formula-domain":
                raise
            branches.append(None)
    left, right = branches
    both = left or right, right or left
    return elementwise.where(frame.reading, condition, *both)  # type: ignore[arg-type]


def _detach(node: Call, frame: Frame) -> Exact:
    root = frame.rooted()
    if id(node) not in root.detached:
        root.detached[id(node)] = root.read(bind(FUNCTIONS["detach"], node)["input"])
    return root.detached[id(node)]


def _shares_memory(node: Call, frame: Frame) -> Exact:
    found = bind(FUNCTIONS["shares_memory"], node)
    first, second = _observed(found["a"], frame), _observed(found["b"], frame)
    return array(Kind.BOOL, first.storage == second.storage != -1)


def _same_object(node: Call, frame: Frame) -> Exact:
    found = bind(FUNCTIONS["same_object"], node)
    first, second = _observed(found["a"], frame), _observed(found["b"], frame)
    return array(Kind.BOOL, first.identity == second.identity != -1)


_FORMS: Final[Mapping[str, Callable[[Call, Frame], Exact]]] = {
    "where": _where,
    "detach": _detach,
    "shares_memory": _shares_memory,
    "same_object": _same_object,
    **derive.FORMS,
}
_READERS: Final[Mapping[type, Callable[..., Exact]]] = {
    Number: _number,
    Constant: _constant,
    Name: _name,
    Unary: _unary,
    Binary: _binary,
    Compare: _compare,
    Conditional: _conditional,
    Stack: _stack,
    Index: _index,
    Attribute: _attribute,
    Call: _call,
}
