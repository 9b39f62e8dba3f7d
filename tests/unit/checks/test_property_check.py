"""Property checks: formulas of what was observed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.property import PropertyCheck
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Formula, Spec, Type
from torchgrade.model.finding import Judgement, Stage
from torchgrade.model.observation import Incident, IncidentKind, Snapshot
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Scalar, ScalarType, Series, Tensor, Value
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import from_numpy

ONE = Scalar(type=ScalarType.INT, value=1)
Make = Callable[..., Exercise]
MakeCase = Callable[..., Case]
Judge = Callable[..., Judgement]


def tensor(*numbers: float) -> Tensor:
    return from_numpy(np.array(numbers, dtype=np.float32))


def property_of(formula: str) -> PropertyCheck:
    return PropertyCheck(holds=Formula(formula))


@pytest.mark.parametrize(
    ("formula", "value", "verdict"),
    [
        ("result == 2*x", tensor(2, 4), Verdict.ACCEPTED),
        ("result == 2*x", tensor(2, 4.0001), Verdict.WRONG_ANSWER),
        ("result == 2*x", tensor(2, float("nan")), Verdict.WRONG_ANSWER),
        ("sorted(result)", tensor(2, 1), Verdict.WRONG_ANSWER),
        ("result == 2*x", Scalar(type=ScalarType.STR, value="secret"), Verdict.WRONG_ANSWER),
        ("x.after == x", tensor(1), Verdict.ACCEPTED),
        ("x.grad is None", tensor(1), Verdict.ACCEPTED),
        ("not shares_memory(result, x)", tensor(1), Verdict.ACCEPTED),
        ("shares_memory(result, x)", tensor(1), Verdict.WRONG_ANSWER),
    ],
)
def test_a_property_holds_or_not(
    formula: str, value: Value, verdict: Verdict, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise, x = make_exercise(), replace(tensor(1, 2), storage=1, identity=1)
    snapshot = Snapshot(returned=value, after={"x": x})
    judgement = judge(property_of(formula), exercise, make_case(x=tensor(1, 2)), snapshot, Targets(value={}))
    assert judgement.verdict is verdict
    if verdict is Verdict.WRONG_ANSWER:
        assert judgement.rationale.startswith(f"This does not hold: `{formula}`")
        assert judgement.help
        assert "secret" not in judgement.rationale


def test_both_sides_are_shown_where_they_differ_most(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    snapshot = Snapshot(returned=tensor(1, 5), after={"x": tensor(1, 2)})
    judgement = judge(
        property_of("result == x"), make_exercise(), make_case(x=tensor(1, 2)), snapshot, Targets(value={})
    )
    assert judgement.values == "The left side is 5, the right side 2 at index (1,)."
    assert judgement.comparison is not None
    assert judgement.comparison.difference == 3


def test_shapes_that_do_not_fit_are_told(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    snapshot = Snapshot(returned=tensor(1, 2, 3), after={})
    judgement = judge(
        property_of("result == x"), make_exercise(), make_case(x=tensor(1, 2)), snapshot, Targets(value={})
    )
    assert judgement.rationale == (
        "This does not hold: `result == x`; the left side has shape [3], the right side [2]."
    )
    assert judgement.comparison is not None
    assert judgement.comparison.stage is Stage.STRUCTURE


def test_several_results(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise = make_exercise(returns={"a": Spec(), "b": Spec()})
    both = Snapshot(returned=Series(type="tuple", items=(tensor(1), tensor(2))), after={})
    case, targets = make_case(x=tensor(1)), Targets(value={})
    assert judge(property_of("b == 2*a"), exercise, case, both, targets).verdict is Verdict.ACCEPTED
    one = Snapshot(returned=tensor(1), after={})
    assert judge(property_of("b == 2*a"), exercise, case, one, targets).verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize(
    ("right", "verdict"), [({"result": tensor(0.5, 0.25)}, Verdict.WRONG_ANSWER), ({}, Verdict.UNDECIDED)]
)
def test_numbers_of_its_own_choice_do_not_make_a_case_count_for_nothing(
    right: Mapping[str, Tensor], verdict: Verdict, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    """What rounding might explain is without bound only because of what was returned."""
    huge = from_numpy(np.array([1e308, -1e308]))
    targets = Targets(value={name: Target(value=value) for name, value in right.items()})
    case = make_case(x=tensor(2, 4))
    judgement = judge(
        property_of("result - 1 / x == 0"), make_exercise(), case, Snapshot(returned=huge, after={}), targets
    )
    assert judgement.verdict is verdict


def test_both_sides_have_the_digits_that_differ(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    snapshot = Snapshot(returned=from_numpy(np.array(1.33882)), after={})
    case = make_case(x=from_numpy(np.array(1.3388201)))
    judgement = judge(property_of("result == x"), make_exercise(), case, snapshot, Targets(value={}))
    assert judgement.values == "The left side is 1.33882, the right side 1.3388201."


@pytest.mark.parametrize(
    ("spec", "value", "rationale"),
    [
        (Spec(shape=(Formula("n"),)), tensor(1, 2), ""),
        (Spec(shape=(Formula("k"),)), tensor(1, 2), ""),
        (Spec(shape=(Formula("..."), Formula("n"))), tensor(1, 2), ""),
        (Spec(shape=(Formula("n + 1"),)), tensor(1, 2), "`result` has shape [2]; it should have shape [3]."),
        (
            Spec(shape=(Formula("n"), Formula("k"))),
            tensor(1, 2),
            "`result` is a float32 tensor of shape [2]; it should be a tensor with 2 axes.",
        ),
        (
            Spec(type=Type.FLOAT),
            tensor(1, 2),
            "`result` is a float32 tensor of shape [2]; it should be a Python float.",
        ),
        (Spec(dtype=("float64",)), tensor(1, 2), "`result` has dtype float32; it should have float64."),
        (Spec(dtype=("float",)), tensor(1, 2), ""),
    ],
)
def test_a_result_is_as_returns_declares_it(
    spec: Spec, value: Value, rationale: str, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise, case = make_exercise(returns={"result": spec}), replace(make_case(x=tensor(1, 2)), dims={"n": 2})
    observed = Snapshot(returned=value, after={"x": tensor(1, 2)})
    told = [
        judge(property_of(holds), exercise, case, observed, Targets(value={})).rationale
        for holds in ("sum(0 * result) == 0", "x.after == x", "not shares_memory(result, x)")
    ]
    assert told == [rationale, "", ""]


def test_a_number_is_no_tensor(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, observed = make_exercise(returns={"result": Spec(type=Type.TENSOR)}), Snapshot(returned=ONE, after={})
    judgement = judge(property_of("result == 1"), exercise, make_case(x=tensor(1)), observed, Targets(value={}))
    assert judgement.rationale == "`result` is a Python int; it should be a tensor."


def test_incidents(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    crash = Incident(kind=IncidentKind.CRASHED, message="")
    judgement = judge(property_of("x == x"), make_exercise(), make_case(x=tensor(1)), crash, Targets(value={}))
    assert judgement.verdict is Verdict.RUNTIME_ERROR


@pytest.mark.parametrize(
    ("formula", "condition", "observed"),
    [
        ("A @ x == b", False, False),
        ("x.after == 2 * x", False, False),
        ("x.grad == 2 * x", False, False),
        ("x.grad is None", True, True),
        ("not shares_memory(A, B)", True, True),
        ("x.after == x", True, True),
        ("same_object(A, B) and A == B", False, True),
        ("all(A == B) and B.requires_grad", False, True),
    ],
)
def test_structural_properties_are_conditions(formula: str, condition: bool, observed: bool) -> None:
    assert property_of(formula).is_condition() is condition
    assert property_of(formula).is_observed() is observed
    assert property_of(formula).subject == formula
