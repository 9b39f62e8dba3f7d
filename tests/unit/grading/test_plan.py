"""Plans: which checks look at which cases, and what is measured for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from torchgrade.checks.gradient import GradientCheck
from torchgrade.checks.property import PropertyCheck
from torchgrade.checks.rule import RuleCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.grading.plan import case_checks, plan, reference_plan
from torchgrade.grading.repeat import AGAIN
from torchgrade.grading.truth import truth
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Formula, Truth
from torchgrade.model.observation import Snapshot
from torchgrade.model.probe import ProbeOp
from torchgrade.model.value import Tensor
from torchgrade.numeric.arrays import to_numpy

Changed = Callable[..., Exercise]


def test_probes_are_asked_once_and_visible_cases_first(changed: Changed, cases: tuple[Case, ...]) -> None:
    property_ = PropertyCheck(name="property", holds=Formula("result >= 0"))
    exercise = changed(checks=(ValueCheck(name="value"), property_, RuleCheck(name="rule", forbid=("for",))))
    made = plan(exercise, cases[::-1])
    assert [(probe.op, probe.case) for probe in made.probes] == [
        (ProbeOp.VALUE, "the book's"),
        (ProbeOp.VALUE, "drawn 2"),
        (ProbeOp.VALUE, "drawn 1"),
        (ProbeOp.VALUE, AGAIN),
    ]
    assert [case.name for case in made.cases] == ["the book's", "drawn 2", "drawn 1", AGAIN]
    assert (made.entrypoint, made.parameters, made.returns, made.call, made.limits) == (
        "square",
        ("x",),
        ("result",),
        None,
        exercise.limits,
    )


def test_cases_that_nothing_looks_at_are_left_out(changed: Changed, cases: tuple[Case, ...]) -> None:
    exercise = changed(checks=(ValueCheck(name="value", cases=("drawn",)),))
    assert [case.name for case in plan(exercise, cases).cases] == ["drawn 1", "drawn 2", AGAIN]


@pytest.mark.parametrize(
    ("check", "names"),
    [
        (ValueCheck(name="all"), ["the book's", "drawn 1", "drawn 2"]),
        (ValueCheck(name="one", cases=("drawn 2",)), ["drawn 2"]),
        (ValueCheck(name="group", cases=("drawn",)), ["drawn 1", "drawn 2"]),
        (RuleCheck(name="rule"), []),
    ],
)
def test_cases_by_name_and_group(
    check: ValueCheck, names: list[str], changed: Changed, cases: tuple[Case, ...]
) -> None:
    exercise = changed(checks=(check,))
    assert [case.name for case in cases if check in case_checks(exercise, case)] == names


def test_claimed_cases_are_left_to_who_claims_them(changed: Changed, cases: tuple[Case, ...]) -> None:
    rest, claim = ValueCheck(name="value"), ValueCheck(name="value-2", cases=("drawn 1",))
    other_kind, other_subject = GradientCheck(name="gradient"), ValueCheck(name="value-3", of="result")
    exercise = changed(checks=(rest, claim, other_kind, other_subject))
    assert case_checks(exercise, cases[0]) == (rest, other_kind, other_subject)
    assert case_checks(exercise, cases[1]) == (claim, other_kind, other_subject)


def test_where_an_exception_is_right_only_values_look(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    raising = replace(cases[0], raises="ValueError")
    assert [check.name for check in case_checks(exercise, raising)] == ["value"]


def test_the_function_runs_only_where_no_formula_answers(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    probes = [probe for probe in plan(exercise, cases).probes if probe.case != AGAIN]
    assert reference_plan(exercise, cases, probes).probes == ()
    every = reference_plan(exercise, cases, probes, every=True)
    assert len(every.probes) == 3 * len(probes)
    assert [case.name for case in every.cases[:3]] == ["the book's ~0", "the book's ~1", "the book's ~2"]
    assert {probe.case for probe in every.probes} == {case.name for case in every.cases}


def test_the_function_runs_where_the_formula_is_silent(changed: Changed, cases: tuple[Case, ...]) -> None:
    exercise = changed(reference=Truth(function=changed().reference.function))
    probes = [probe for probe in plan(exercise, cases).probes if probe.case != AGAIN]
    asked = reference_plan(exercise, cases, plan(exercise, cases).probes)
    assert len(asked.probes) == 3 * len(probes)
    measured = {
        probe: Snapshot(returned=case.inputs["x"], after={})
        for case in asked.cases
        for probe in asked.probes
        if probe.case == case.name and probe.op is ProbeOp.VALUE
    }
    known = truth(exercise, cases, probes, measured)
    assert set(known) == set(probes)
    value = known[probes[0]].value["result"].value
    assert isinstance(value, Tensor)
    assert to_numpy(value).tolist() == [1, 2]


def test_formulas_come_before_functions(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    probes = plan(exercise, cases).probes
    value = truth(exercise, cases, probes, {})[probes[0]].value["result"].value
    assert isinstance(value, Tensor)
    assert to_numpy(value).tolist() == [1, 4]
