"""The float64 reading beside the exact one: silent where they agree, heard where they do not."""

from __future__ import annotations

from dataclasses import replace

from torchgrade.authoring.float_reading import misrounded
from torchgrade.formula.evaluate import scope_of, target
from torchgrade.formula.parse import parse
from torchgrade.inputs.draw import cases
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.target import Target, Targets
from torchgrade.numeric.arrays import from_numpy, to_numpy
from torchgrade.spec.load import load_text

EXERCISE = load_text(
    """\
schema: 1
title: Sizes
task: Return the logarithm of the sum of exponentials.
entrypoint: sizes
parameters: {x: [n]}
reference:
  formula: logsumexp(x)
  function: |
    def sizes(x): return torch.logsumexp(x, 0)
""",
    "sizes.yaml",
    "sizes",
)
CASES = cases(EXERCISE, "seed")


def witnesses(change: float) -> dict[Probe, dict[str, Targets]]:
    def said(exact: Target) -> Targets:
        return Targets(value={"result": replace(exact, value=from_numpy(to_numpy(exact.value) * (1 + change)))})  # type: ignore[arg-type]

    return {
        Probe(op=ProbeOp.VALUE, case=case.name): {
            "formula": said(target(parse(EXERCISE.reference.formula["result"]), scope_of(EXERCISE, case)))
        }
        for case in CASES
    }


def test_two_readings_of_one_formula_agree() -> None:
    assert not list(misrounded(EXERCISE, CASES, witnesses(0.0)))


def test_a_reading_that_is_off_in_the_tenth_digit_is_heard() -> None:
    found = list(misrounded(EXERCISE, CASES, witnesses(1e-10)))
    assert {each.case for each in found} == {case.name for case in CASES}
    assert {(each.first, each.second) for each in found} == {("formula", "float64")}
