"""Derivatives as central differences with many digits: independent of every rule of differentiation.

With a step of 1e-30 and digits to spare, a difference is right to about 60 digits wherever the formula is smooth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import localcontext
from typing import Final, TypeAlias

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.display import plain
from torchgrade.formula.exact import Array, Exact, Kind, arithmetic, array, elements
from torchgrade.formula.functions import FUNCTIONS, bind
from torchgrade.formula.reading import Frame, planned
from torchgrade.formula.tree import Call, Name, Node
from torchgrade.model.said import said

Function: TypeAlias = Callable[[Frame], Array]


def along(function: Function, frame: Frame, direction: Mapping[str, Array]) -> Array:
    """The derivative of a function of frames in a direction. Raises FormulaError where its shape changes."""
    step = frame.reading.step
    ahead, behind = function(frame.shifted(direction, step)), function(frame.shifted(direction, -step))
    if ahead.shape != behind.shape:
        raise FormulaError(said("there is no derivative where a shape changes"), code="formula-domain")
    return np.asarray((ahead - behind) / (2 * step))


def directions(frame: Frame, name: str) -> Iterator[dict[str, Array]]:
    """One unit direction for each element of a variable."""
    shape = frame.lookup(Name(name)).shape
    for place in range(int(np.prod(shape))):
        unit = np.zeros(shape, dtype=int).astype(object)
        unit.flat[place] = 1
        yield {name: unit}


def function_of(node: Node) -> Function:
    """The values of a formula as a function of frames; bools and complex numbers are not differentiated."""

    def value(frame: Frame) -> Array:
        found = frame.read(node)
        if found.kind in (Kind.BOOL, Kind.COMPLEX):
            message = said("a {kind} formula is not differentiated", kind=found.kind.word)
            raise FormulaError(message, code="formula-kind", start=node.start, end=node.end)
        return found.data

    return value


def partials(function: Function, frame: Frame, name: str, shape: tuple[int, ...]) -> Array:
    """The Jacobian in a variable: the axes of the function's value (of `shape`) first."""
    x = frame.lookup(Name(name))
    columns = [along(function, frame, direction).ravel() for direction in directions(frame, name)]
    count = int(np.prod(shape))
    data = np.empty((count, len(columns)), dtype=object)
    for place, column in enumerate(columns):
        data[:, place] = column
    return data.reshape((*shape, *x.shape))


def _variable(frame: Frame, node: Node) -> str:
    """The name that is differentiated in (`bind` sees to it that it is one); it must be floating."""
    assert isinstance(node, Name)  # noqa: S101
    kind = frame.lookup(node).kind
    if kind is not Kind.FLOAT:
        told = {"name": node.name, "kind": kind.word}
        message = said("{name} is {kind}: only floating numbers can be differentiated in", **told)
        raise FormulaError(message, code="formula-kind", start=node.start, end=node.end)
    return node.name


def _number(frame: Frame, node: Node, function: str) -> None:
    """Raises FormulaError unless the formula is one number."""
    shape = frame.read(node).shape
    if shape:
        text, name = plain(node), "x"
        told = {"function": function, "formula": text, "shape": str(list(shape))}
        raise FormulaError(
            said("{function} needs a number, but {formula} has shape {shape}", **told),
            code="formula-not-a-number",
            start=node.start,
            end=node.end,
            hint=f"write {function}(sum({text}), {name}), or jacobian({text}, {name}) for every derivative",
        )


def _grad(node: Call, frame: Frame) -> Exact:
    found = bind(FUNCTIONS["grad"], node)
    name = _variable(frame, found["x"])
    _number(frame, found["f"], "grad")
    return array(Kind.FLOAT, partials(function_of(found["f"]), frame, name, ()))


def _jacobian(node: Call, frame: Frame) -> Exact:
    found = bind(FUNCTIONS["jacobian"], node)
    name = _variable(frame, found["x"])
    shape = frame.read(found["f"]).shape
    return array(Kind.FLOAT, partials(function_of(found["f"]), frame, name, shape))


def _hessian(node: Call, frame: Frame) -> Exact:
    found = bind(FUNCTIONS["hessian"], node)
    name = _variable(frame, found["x"])
    _number(frame, found["f"], "hessian")
    x = frame.lookup(Name(name))
    rows = second_partials(function_of(found["f"]), frame, (name,))
    return array(Kind.FLOAT, rows.reshape((*x.shape, *x.shape)))


def second_partials(function: Function, frame: Frame, names: tuple[str, ...]) -> Array:
    """All second derivatives of a number in the elements of some variables: symmetric, so half are computed."""
    units = [unit for name in names for unit in directions(frame, name)]
    data = np.empty((len(units), len(units)), dtype=object)
    for row, first in enumerate(units):

        def slope(shifted: Frame, first: Mapping[str, Array] = first) -> Array:
            return along(function, shifted, first)

        for column in range(row + 1):
            data[row, column] = data[column, row] = along(slope, frame, units[column]).item()
    return data


def _jvp(node: Call, frame: Frame) -> Exact:
    found = bind(FUNCTIONS["jvp"], node)
    name = _variable(frame, found["x"])
    vector = frame.read(found["v"])
    _same_shape(vector, frame.lookup(Name(name)), found["v"], f"the vector of jvp is shaped like {name}")
    _real(vector, found["v"])
    frame.read(found["f"])
    return array(Kind.FLOAT, along(function_of(found["f"]), frame, {name: vector.data}))


def _vjp(node: Call, frame: Frame) -> Exact:
    found = bind(FUNCTIONS["vjp"], node)
    name = _variable(frame, found["x"])
    vector = frame.read(found["u"])
    _same_shape(vector, frame.read(found["f"]), found["u"], f"the vector of vjp is shaped like {plain(found['f'])}")
    function = function_of(found["f"])
    _real(vector, found["u"])
    weights = vector.data

    def weighted(shifted: Frame) -> Array:
        return np.asarray(np.sum(weights * function(shifted)))

    return array(Kind.FLOAT, partials(weighted, frame, name, ()))


def _same_shape(vector: Exact, other: Exact, node: Node, rule: str) -> None:
    if vector.shape != other.shape:
        message = f"{rule}: {list(other.shape)}, not {list(vector.shape)}"
        raise FormulaError(message, code="formula-shape", start=node.start, end=node.end)


def _real(vector: Exact, node: Node) -> None:
    if vector.kind is Kind.COMPLEX:
        message = said("a derivative is not taken along a complex vector")
        raise FormulaError(message, code="formula-kind", start=node.start, end=node.end)


def _at(node: Call, frame: Frame) -> Exact:
    formula = bind(FUNCTIONS["at"], node)["f"]
    moved = frame.where({name: frame.read(value) for name, value in node.keywords})
    if frame.base is not None:
        base = frame.base
        moved.base = base.where({name: base.read(value) for name, value in node.keywords})
    return moved.read(formula)


def _exactly(form: Callable[[Call, Frame], Exact]) -> Callable[[Call, Frame], Exact]:
    """Differences need digits: in float64 a derivative is taken exactly, and rounded."""

    def wrapped(node: Call, frame: Frame) -> Exact:
        if frame.reading.field.is_exact:
            return form(node, frame)
        values = {name: elements(x.kind, x.data.ravel().tolist(), x.shape) for name, x in frame.values.items()}
        reading, digits = planned(frame.reading, values, (node,))
        with localcontext(arithmetic(digits)):
            result = form(node, Frame(reading=reading, values=values))
        return Exact(result.kind, frame.reading.field.real(result.data))

    return wrapped


_DIFFERENCES: Final = {"grad": _grad, "jacobian": _jacobian, "hessian": _hessian, "jvp": _jvp, "vjp": _vjp}
FORMS: Final[Mapping[str, Callable[[Call, Frame], Exact]]] = {
    **{name: _exactly(form) for name, form in _DIFFERENCES.items()},
    "at": _at,
}
"""How the functions that differentiate are read."""
