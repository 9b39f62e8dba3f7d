"""The reference that is written out: the `expected` of a given case."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import scope_of, target
from torchgrade.formula.parse import parse
from torchgrade.formula.tree import Call, Constant, Node, Number, Stack, Unary
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Literal, Type
from torchgrade.model.observation import Incident, Observation
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Expression, Record, Scalar, ScalarType


class ExpectedReference:
    """Says what the author wrote under `expected`; knows nothing of derivatives."""

    kind: ClassVar[str] = "expected"

    def cases(self, exercise: Exercise, case: Case) -> tuple[Case, ...]:
        """None: nothing needs to run."""
        return ()

    def targets(
        self, exercise: Exercise, case: Case, probe: Probe, measured: Mapping[Probe, Observation | Incident]
    ) -> Targets:
        """The literals of the case as values."""
        if probe.op is not ProbeOp.VALUE:
            return Targets(value={})
        return Targets(value={name: _target(name, literal, exercise, case) for name, literal in case.expected.items()})


def _target(name: str, literal: Literal, exercise: Exercise, case: Case) -> Target:
    declared = exercise.returns[name].type if name in exercise.returns else None
    if isinstance(literal, str) and declared is Type.STR:
        return Target(value=Scalar(type=ScalarType.STR, value=literal))
    if isinstance(literal, str | int | float) and declared is Type.EXPRESSION:
        return Target(value=Expression(text=str(literal)))
    if literal in (None, "None"):
        return Target(value=Scalar(type=ScalarType.NONE, value=None))
    if isinstance(literal, Mapping):
        parts = {key: _target("", part, exercise, case) for key, part in literal.items()}
        scale = max((part.scale for part in parts.values()), default=0.0)
        return Target(value=Record(items=tuple((key, part.value) for key, part in parts.items())), scale=scale)
    return target(_node(literal), scope_of(exercise, case))


def _node(literal: Literal) -> Node:
    """The literal as a formula: numbers are exact, lists are stacked, texts are read."""
    if isinstance(literal, bool):
        return Constant(repr(literal))
    if isinstance(literal, str):
        return parse(literal)
    if isinstance(literal, int | float):
        return _number(literal)
    if literal is None or isinstance(literal, Mapping):
        raise FormulaError(
            "None or a mapping has no place in a list of numbers", code="expected", hint="write a formula"
        )
    if _sizes(literal)[-1] == 0:
        return Call("zeros", tuple(Number(Fraction(size)) for size in _sizes(literal)))
    return Stack(tuple(map(_node, literal)))


def _sizes(literal: Literal) -> tuple[int, ...]:
    """The sizes of nested lists along their first items."""
    if not isinstance(literal, tuple):
        return ()
    return (len(literal), *(_sizes(literal[0]) if literal else ()))


def _number(number: int | float) -> Node:
    if isinstance(number, float) and not math.isfinite(number):
        name = Constant("nan" if math.isnan(number) else "inf")
        return Unary("-", name) if number < 0 else name
    exact = Number(Fraction(abs(number)), isinstance(number, int))
    return Unary("-", exact) if number < 0 else exact
