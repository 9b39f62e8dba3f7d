"""What an exercise says to people, for reports: made once a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from torchgrade.errors import FormulaError
from torchgrade.formula.display import latex
from torchgrade.formula.parse import parse
from torchgrade.formula.scope import names
from torchgrade.formula.symbolic import derivative_latex
from torchgrade.formula.tree import Name, Node
from torchgrade.grading.score import exact
from torchgrade.model.exercise import Exercise, Spec, Type
from torchgrade.model.report import ClosedForm, Statement

_NUMBERS = (Type.INT, Type.FLOAT)


def statement(exercise: Exercise) -> Statement:
    """The texts of an exercise, its reference as LaTeX, and the derivatives that its gradient checks ask for."""
    return Statement(
        exercise=exercise.id,
        title=exercise.title,
        task=exercise.task,
        entrypoint=exercise.entrypoint,
        points=sum((exact(check.points) for check in exercise.checks), Fraction(0)),
        formulas=tuple(_formulas(exercise)),
        hints=exercise.hints,
    )


def _formulas(exercise: Exercise) -> Iterator[ClosedForm]:
    """Outcomes, then derivatives; a formula that cannot be read is for `validate` to tell."""
    try:
        lets = {name: parse(text) for name, text in exercise.let.items()}
        told = {name: parse(text) for name, text in exercise.reference.formula.items()}
        declared = {name: parse(text) for name, text in exercise.reference.gradient.items()}
    except FormulaError:
        return
    for name, node in told.items():
        yield ClosedForm(of=name, latex=latex(node))
    mentioned = frozenset[str]().union(*map(names, (*told.values(), *lets.values())))
    yield from (ClosedForm(of=name, latex=latex(node)) for name, node in lets.items() if name in mentioned)
    if any(check.kind == "gradient" for check in exercise.checks):
        for of, node in told.items():
            yield from _derivatives(exercise, of, node, (lets, declared))


def _derivatives(
    exercise: Exercise, of: str, node: Node, known: tuple[Mapping[str, Node], Mapping[str, Node]]
) -> Iterator[ClosedForm]:
    """The author's own where they wrote one, else sympy's if the formula is elementwise in the parameter."""
    lets, declared = known
    shape = _common_shape(exercise, node, lets)
    for wrt, spec in exercise.parameters.items():
        found = latex(declared[wrt]) if wrt in declared else None
        if found is None and spec.type in (None, Type.TENSOR) and shape is not None and _shape(spec) == shape:
            found = derivative_latex(node, lets, wrt)
        if found is not None:
            yield ClosedForm(of=of, wrt=wrt, latex=found)


def _common_shape(exercise: Exercise, node: Node, lets: Mapping[str, Node]) -> tuple[str, ...] | None:
    """The declared shape that all tensors in a formula have, numbers aside; None if there is no such shape."""
    mentioned = names(node).union(*(names(each) for name, each in lets.items() if name in names(node)))
    specs = [exercise.parameters[name] for name in mentioned if name in exercise.parameters]
    shapes = {_shape(spec) for spec in specs if spec.type not in _NUMBERS}
    larger = shapes - {()}
    return next(iter(larger or shapes)) if len(larger) <= 1 and shapes and not isinstance(node, Name) else None


def _shape(spec: Spec) -> tuple[str, ...] | None:
    return None if spec.shape is None else tuple(spec.shape)
