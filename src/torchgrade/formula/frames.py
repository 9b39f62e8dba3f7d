"""What the names of formulas mean in one case, and the frames that exact readings start from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import localcontext

from torchgrade.errors import FormulaError
from torchgrade.formula.exact import Exact, Kind, arithmetic, decode, elements
from torchgrade.formula.interpret import read
from torchgrade.formula.parse import parse
from torchgrade.formula.reading import Frame, Reading, planned
from torchgrade.formula.tree import Name, Node
from torchgrade.formula.walk import walk
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.said import said
from torchgrade.model.value import Tensor, Value

MOST_READ = 100_000
"""Elements of a tensor that is read exactly, which takes a second: what a submission returns has any size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the names of a formula mean: variables, named formulas, and what was observed of parameters and results.

    `observed` holds the parameters as the call left them (`.after`, `.grad`) and the results with their flags.
    """

    values: Mapping[str, Value | Exact]
    lets: Mapping[str, Node] = field(default_factory=dict)
    observed: Mapping[str, Value] = field(default_factory=dict)


def scope_of(exercise: Exercise, case: Case) -> Scope:
    """The inputs and dims of a case, and the exercise's `let`."""
    dims = {name: elements(Kind.INT, [size], ()) for name, size in case.dims.items()}
    lets = {name: parse(text) for name, text in exercise.let.items()}
    return Scope(values={**dims, **case.inputs}, lets=lets)


def variables(scope: Scope, formulas: Iterable[Node], further: Iterable[str] = ()) -> dict[str, Exact]:
    """The values that formulas and their lets may need, as exact numbers; other values may be anything."""
    read = (node for formula in (*formulas, *scope.lets.values()) for node in walk(formula))
    needed = {node.name for node in read if isinstance(node, Name)} | set(further)
    found = {
        name: value if isinstance(value, Exact) else decode(_bounded(value, name), name)
        for name, value in scope.values.items()
        if name in needed
    }
    for name, value in scope.observed.items():
        if isinstance(value, Tensor) and name in needed:
            found[f"{name}.after"] = decode(_bounded(value, name), f"{name}.after")
            if value.grad is not None:
                found[f"{name}.grad"] = decode(_bounded(value.grad, name), f"{name}.grad")
    return found


def _bounded(value: Value, name: str) -> Value:
    """Raises FormulaError for more numbers than are read in any useful time."""
    if isinstance(value, Tensor) and math.prod(value.shape) > MOST_READ:
        message = said("{name} has more than {most:,} elements", name=name, most=MOST_READ)
        raise FormulaError(message, code="formula-too-large")
    return value


@contextmanager
def opened(scope: Scope, formulas: tuple[Node, ...], order: int = 0, further: Iterable[str] = ()) -> Iterator[Frame]:
    """A frame to read formulas in, with digits for all their derivatives and `order` more in the names `further`."""
    values = variables(scope, formulas, further)
    reading, digits = planned(Reading(reader=read, lets=scope.lets, observed=scope.observed), values, formulas, order)
    with localcontext(arithmetic(digits)):
        yield Frame(reading=reading, values=values)
