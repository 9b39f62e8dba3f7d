"""The closed form as a witness: it agrees with the truth, and can disagree."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from torchgrade.authoring.closed_form import misderived
from torchgrade.formula.evaluate import gradient_targets, scope_of, target
from torchgrade.formula.parse import parse
from torchgrade.inputs.draw import cases
from torchgrade.model.exercise import Exercise, Formula
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Targets
from torchgrade.spec.load import load_text

TEXT = """
schema: 1
title: T
task: T
entrypoint: f
parameters: {{x: {{shape: [n], range: 0.5..2}}, k: int}}
let: {{y: x**2}}
reference:
  formula: {formula}
  function: 'def f(x, k): return x'
cases: [{{name: c, draw: 1}}]
checks: [value, gradient]
"""


def said(formula: str, other: str) -> tuple[Exercise, Mapping[Probe, Mapping[str, Targets]]]:
    """An exercise with one formula, and what another formula says of it."""
    exercise = load_text(TEXT.format(formula=formula), "f.yaml", "f")
    (case,) = cases(exercise, "1")
    value = Probe(op=ProbeOp.VALUE, case=case.name)
    gradient = Probe(op=ProbeOp.GRADIENT, case=case.name, of="result", wrt=("x",), cotangent=(2, -1, 3))
    node, scope = parse(Formula(other)), scope_of(exercise, case)
    truth = {value: Targets(value={"result": target(node, scope)})}
    truth[gradient] = gradient_targets({"result": node}, scope, gradient)
    return exercise, {probe: {"formula": targets} for probe, targets in truth.items()}


@pytest.mark.parametrize("formula", ["k * sin(x)**3 / y", "exp(y) + 1", "sum(x)", "x @ x"])
def test_a_closed_form_that_agrees_or_does_not_exist_says_nothing(formula: str) -> None:
    exercise, witnesses = said(formula, formula)
    assert list(misderived(exercise, cases(exercise, "1"), witnesses)) == []


def test_a_closed_form_that_disagrees_names_both_numbers() -> None:
    exercise, witnesses = said("2*x", "3*x")
    (found,) = misderived(exercise, cases(exercise, "1"), witnesses)
    assert (found.case, found.outcome, found.first, found.second) == (
        "c",
        "the derivative of order 1 in x",
        "formula",
        "closed form",
    )
    assert (found.comparison.observed, found.comparison.expected) == ("3", "2")
