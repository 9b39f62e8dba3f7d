"""The reference that is computed: formulas, at fifty digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from torchgrade.formula.evaluate import (
    Scope,
    declared_gradient,
    distance_to_kink,
    evaluate,
    gradient_targets,
    scope_of,
    target,
)
from torchgrade.formula.parse import parse
from torchgrade.formula.scope import names
from torchgrade.formula.tree import Node
from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise, Type
from torchgrade.model.observation import Incident, Observation
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Expression, Tensor
from torchgrade.numeric.arrays import is_float, to_numpy
from torchgrade.references.terms import term_sizes, with_zeros

CLOSE = 1e-5
"""Nearer than this to a kink a formula does not say what the derivative is."""


class FormulaReference:
    """Says what the formulas under `reference` come to."""

    kind: ClassVar[str] = "formula"

    def cases(self, exercise: Exercise, case: Case) -> tuple[Case, ...]:
        """None: nothing needs to run."""
        return ()

    def targets(
        self, exercise: Exercise, case: Case, probe: Probe, measured: Mapping[Probe, Observation | Incident]
    ) -> Targets:
        """Values, or derivatives where they exist; nothing where an exception is the right answer."""
        if case.raises is not None:
            return Targets(value={})
        if probe.op is ProbeOp.VALUE:
            formulas = exercise.reference.formula
            return Targets(value={name: _value(name, text, exercise, case) for name, text in formulas.items()})
        return _derivatives(exercise, case, probe) if answers(exercise, case, probe) else Targets(value={})


def answers(exercise: Exercise, case: Case, probe: Probe) -> bool:
    """Whether formulas alone say all that the checks want to know of this probe."""
    known = exercise.reference.formula.keys()
    if probe.op is ProbeOp.VALUE:
        return all(_needed(check.subject, exercise) <= known for check in exercise.checks if _asks_results(check))
    declared = exercise.reference.gradient.keys() & set(probe.wrt)
    if not _results(probe) <= known or not _is_real(case, probe) or (declared and probe.order > 1):
        return False
    if declared == set(probe.wrt):
        return True
    scope = scope_of(exercise, case)
    return all(distance_to_kink(node, scope) >= CLOSE for node in _outcomes(exercise, probe).values())


def _asks_results(check: Check) -> bool:
    """A property asks whether it can be decided for the right results."""
    return check.kind == "value" or (check.kind == "property" and not check.is_condition())


def _is_real(case: Case, probe: Probe) -> bool:
    """Formulas are differentiated in real variables only."""
    inputs = (case.inputs[name] for name in probe.wrt)
    return all(isinstance(value, Tensor) and is_float(value.dtype) for value in inputs)


def _outcomes(exercise: Exercise, probe: Probe) -> Mapping[str, Node]:
    """The formulas that a gradient probe differentiates."""
    return {name: parse(exercise.reference.formula[name]) for name in _results(probe)}


def _derivatives(exercise: Exercise, case: Case, probe: Probe) -> Targets:
    """Declared gradients where there are some, derivatives of the formula for the other parameters."""
    outcomes = _outcomes(exercise, probe)
    declared = {name: parse(text) for name, text in exercise.reference.gradient.items() if name in probe.wrt}
    scope = scope_of(exercise, case)
    rest = replace(probe, wrt=tuple(name for name in probe.wrt if name not in declared))
    found = _derived(outcomes, scope, rest, case) if rest.wrt else Targets(value={})
    if not declared:
        return found
    known = {name: parse(text) for name, text in exercise.reference.formula.items() if name in exercise.returns}
    of = next(iter(outcomes))
    scope = replace(scope, lets={**scope.lets, **known})
    said = declared_gradient(declared, outcomes[of], scope, replace(probe, of=of))
    return Targets(value={**found.value, **said.value}, full={**found.full, **said.full})


def _derived(outcomes: Mapping[str, Node], scope: Scope, probe: Probe, case: Case) -> Targets:
    results = (to_numpy(evaluate(node, scope)) for node in outcomes.values())
    return with_zeros(gradient_targets(outcomes, scope, probe), term_sizes(probe, results, case))


def _needed(of: str, exercise: Exercise) -> frozenset[str]:
    """The outcomes that a value check of `of` looks at."""
    if not of:
        return frozenset(exercise.outcomes)
    if of in exercise.returns or of.endswith((".grad", ".after")):
        return frozenset({of})
    return names(parse(of)) & exercise.returns.keys()


def _results(probe: Probe) -> frozenset[str]:
    return frozenset(name for name, _ in probe.seeds) or frozenset({probe.of})


def _value(name: str, text: str, exercise: Exercise, case: Case) -> Target:
    if name in exercise.returns and exercise.returns[name].type is Type.EXPRESSION:
        return Target(value=Expression(text=text))
    return target(parse(text), scope_of(exercise, case))
