"""The truth of gradient probes: differences of any order, contracted with the probe's tape (see model.probe)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.condition import NOISE, SAMPLES, conditions, target_of
from torchgrade.formula.derive import Function, along, directions, second_partials
from torchgrade.formula.exact import Array, Exact, Kind, array, decode, objects
from torchgrade.formula.frames import Scope, opened
from torchgrade.formula.reading import Frame
from torchgrade.formula.tree import Node
from torchgrade.model.probe import Probe
from torchgrade.model.target import Targets

_FEW = 16
"""Beyond so many elements, or beyond the first order, one sample of the condition must do."""


def tape(probe: Probe, start: int, count: int) -> list[int]:
    """The tape is the endless repetition of the cotangent."""
    return [probe.cotangent[place % len(probe.cotangent)] for place in range(start, start + count)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """What is differentiated, and in what: `sizes` are the shapes of the variables, `start` where their tape begins."""

    probe: Probe
    function: Function
    weights: list[int]
    start: int
    shapes: Mapping[str, tuple[int, ...]]

    @property
    def count(self) -> int:
        return sum(map(math.prod, self.shapes.values()))

    def number(self, frame: Frame) -> Array:
        """S_0."""
        return np.asarray(_weighted(self.weights, self.function(frame)))

    def contracted(self, order: int) -> Function:
        """S_order: the number, differentiated along the tape again and again."""
        if order == 0:
            return self.number
        below, direction = self.contracted(order - 1), self.direction(order)
        return lambda frame: along(below, frame, direction)

    def direction(self, order: int) -> dict[str, Array]:
        """What the derivatives of an order are multiplied with, by variable."""
        found, place = {}, self.start + (order - 1) * self.count
        for name, shape in self.shapes.items():
            size = math.prod(shape)
            found[name] = objects(tape(self.probe, place, size), shape)
            place += size
        return found


def _weighted(weights: Sequence[int], data: Array) -> object:
    return sum((weight * item for weight, item in zip(weights, data.ravel().tolist(), strict=True)), 0)


def gradient_targets(outcomes: Mapping[str, Node], scope: Scope, probe: Probe) -> Targets:
    """What a gradient probe must measure of the outcome `probe.of`, or of all outcomes that it has seeds for."""
    wanted = [name for name, _ in probe.seeds] or [probe.of]
    if not set(wanted) <= outcomes.keys():
        return Targets(value={})
    formulas = tuple(outcomes[name] for name in wanted)
    with opened(scope, formulas, probe.order, probe.wrt) as frame:
        problem, systems = _posed(frame, formulas, probe)
        values = _gradients(problem, frame)
        samples = SAMPLES if probe.order == 1 and problem.count <= _FEW else 1
        found = conditions(lambda near: _gradients(problem, near), frame, values, samples)
        return _targets(probe, values, found, systems)


def _posed(frame: Frame, formulas: Sequence[Node], probe: Probe) -> tuple[_Problem, list[tuple[float, float]]]:
    """The problem of a probe, and the linear systems that were solved at the point itself."""
    for name in probe.wrt:
        if name not in frame.values or frame.values[name].kind is not Kind.FLOAT:
            raise FormulaError(f"{name} is not floating: it has no gradient", code="formula-kind")
    reading = frame.reading
    systems: list[tuple[float, float]] = []
    reading.systems = systems
    values = [frame.read(formula) for formula in formulas]
    reading.systems = None
    if not all(value.is_inexact or value.kind is Kind.INT for value in values):
        raise FormulaError("a bool has no gradient", code="formula-kind")
    size = sum(value.data.size for value in values)
    weights = _seeds(probe, values) if probe.seeds else tape(probe, 0, size)
    shapes = {name: frame.values[name].shape for name in probe.wrt}
    start = 0 if probe.seeds else size
    function = _joined(formulas)
    return _Problem(probe=probe, function=function, weights=weights, start=start, shapes=shapes), systems


def _seeds(probe: Probe, values: Sequence[Exact]) -> list[int]:
    weights = []
    for (name, seed), value in zip(probe.seeds, values, strict=True):
        if seed.shape != value.shape:
            message = f"the seed of {name} has shape {list(seed.shape)}, its formula {list(value.shape)}"
            raise FormulaError(message, code="formula-shape")
        weights += decode(seed, name).data.ravel().tolist()
    return weights


def _joined(formulas: Sequence[Node]) -> Function:
    """All elements of some formulas in one row; of complex ones the real part, as torch has it for real weights."""

    def values(frame: Frame) -> Array:
        rows = [_real(frame, frame.read(formula)) for formula in formulas]
        return rows[0] if len(rows) == 1 else np.concatenate(rows)

    return values


def _real(frame: Frame, found: Exact) -> Array:
    data = frame.reading.field.parts(found.data)[0] if found.kind is Kind.COMPLEX else found.data
    return data.ravel()


def _gradients(problem: _Problem, frame: Frame) -> list[Exact]:
    """The products by variable; after them, if the probe measures them, the rows by variable."""
    probe = problem.probe
    rows_count = len(problem.weights) if probe.order == 1 else problem.count
    has_rows = 0 < probe.full >= rows_count and not probe.seeds
    if probe.order == 1:
        weights, rows = problem.weights, _columns(problem.function, frame, probe.wrt, rows_count)
    elif has_rows:
        below = problem.contracted(probe.order - 2)
        weights = tape(probe, problem.start + (probe.order - 2) * problem.count, problem.count)
        rows = second_partials(below, frame, probe.wrt)
    else:
        weights, rows = [1], _columns(problem.contracted(probe.order - 1), frame, probe.wrt, 1)
    products = [_weighted(weights, rows[:, column]) for column in range(problem.count)]
    found = [array(Kind.FLOAT, part) for part in _cut(objects(products, (len(products),)), problem.shapes)]
    return found + ([array(Kind.FLOAT, part) for part in _cut(rows, problem.shapes)] if has_rows else [])


def _columns(function: Function, frame: Frame, names: Sequence[str], count: int) -> Array:
    """The Jacobian of a row of `count` values in all variables."""
    units = [unit for name in names for unit in directions(frame, name)]
    rows = np.empty((count, len(units)), dtype=object)
    for column, unit in enumerate(units):
        rows[:, column] = along(function, frame, unit).ravel()
    return rows


def _cut(rows: Array, shapes: Mapping[str, tuple[int, ...]]) -> list[Array]:
    """The last axis by variable, in the variable's shape."""
    parts, start = [], 0
    for shape in shapes.values():
        size = math.prod(shape)
        parts.append(rows[..., start : start + size].reshape((*rows.shape[:-1], *shape)))
        start += size
    return parts


def _targets(
    probe: Probe, values: Sequence[Exact], found: Sequence[float], systems: Sequence[tuple[float, float]]
) -> Targets:
    """Products first, rows after them."""
    targets = [
        target_of(value, condition, systems, probe.order, NOISE) for value, condition in zip(values, found, strict=True)
    ]
    count = len(probe.wrt)
    return Targets(
        value=dict(zip(probe.wrt, targets[:count], strict=True)),
        full=dict(zip(probe.wrt, targets[count:], strict=False)),
    )


def declared_gradient(nodes: Mapping[str, Node], outcome: Node, scope: Scope, probe: Probe) -> Targets:
    """What a first-order probe must measure where the exercise declares the gradient, by parameter.

    The formulas know `grad_output` (the cotangent in the outcome's shape) and the results; the one named `probe.of` is
    the outcome's value unless the scope has another. Parameters without a formula are absent.
    """
    names = [name for name in probe.wrt if name in nodes]
    if probe.order != 1 or not names:
        return Targets(value={})
    declared = replace(probe, wrt=tuple(names))
    formulas = (outcome, *(nodes[name] for name in names))
    with opened(scope, formulas, 0, (*names, probe.of)) as frame:
        reading = frame.reading
        systems: list[tuple[float, float]] = []
        reading.systems = systems
        function = _declared(nodes, outcome, declared)
        values = function(frame)
        reading.systems = None
        return _targets(declared, values, conditions(function, frame, values), systems)


def _declared(nodes: Mapping[str, Node], outcome: Node, probe: Probe) -> Callable[[Frame], list[Exact]]:
    """The declared gradients for the probe's cotangent; after them, if it measures them, for each row."""

    def values(frame: Frame) -> list[Exact]:
        result = frame.read(outcome)
        if probe.of not in frame.values:
            frame = frame.where({probe.of: result})
        size = result.data.size
        seed = decode(probe.seeds[0][1], "seed").data.ravel().tolist() if probe.seeds else tape(probe, 0, size)
        found = [_read(frame, nodes[name], name, objects(seed, result.shape)) for name in probe.wrt]
        if probe.seeds or not 0 < size <= probe.full:
            return found
        units = [objects(unit, result.shape) for unit in np.eye(size, dtype=int).tolist()]
        for name in probe.wrt:
            rows = [_read(frame, nodes[name], name, unit).data for unit in units]
            found.append(array(Kind.FLOAT, np.stack(rows)))
        return found

    return values


def _read(frame: Frame, node: Node, name: str, cotangent: Array) -> Exact:
    """One declared gradient for one cotangent; it must have the parameter's shape."""
    field = frame.reading.field
    found = frame.where({"grad_output": array(Kind.FLOAT, field.real(cotangent))}).read(node)
    shape = frame.values[name].shape
    if found.shape != shape:
        message = f"the gradient declared for {name} has shape {list(found.shape)}, {name} has {list(shape)}"
        raise FormulaError(message, code="formula-shape", start=node.start, end=node.end)
    return Exact(Kind.FLOAT, field.lift(found, Kind.FLOAT))
