"""Gradient checks: what is measured, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.gradient import AtKink, GradientCheck
from torchgrade.errors import FormulaError
from torchgrade.grading.plan import plan
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Formula, Spec, Type
from torchgrade.model.finding import Evidence, Judgement, Stage
from torchgrade.model.observation import Derivatives, Incident, IncidentKind, Snapshot
from torchgrade.model.probe import Probe, ProbeOp, Source
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Scalar, ScalarType, Tensor
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import from_numpy, magnitude, to_numpy
from torchgrade.numeric.tape import read
from torchgrade.wire import requests

Make = Callable[..., Exercise]
MakeCase = Callable[..., Case]
Judge = Callable[..., Judgement]


@pytest.fixture
def case(make_case: MakeCase) -> Case:
    return make_case(x=tensor([1.5, 0.1]))


def tensor(numbers: object, dtype: str = "float32") -> Tensor:
    return from_numpy(np.array(numbers, dtype=float), dtype)


def target(numbers: object) -> Target:
    value = from_numpy(np.array(numbers, dtype=float))
    return Target(value=value, scale=magnitude(to_numpy(value)))


INPUTS = {"x": Spec(), "k": Spec(type=Type.INT), "i": Spec(), "z": Spec()}


def inputs() -> dict[str, object]:
    return {
        "x": tensor([1, 2]),
        "k": Scalar(type=ScalarType.INT, value=1),
        "i": from_numpy(np.array([1, 2])),
        "z": from_numpy(np.array([1 + 2j]), "complex64"),
    }


def test_all_floating_tensors_are_differentiated(make_exercise: Make, make_case: MakeCase) -> None:
    exercise = make_exercise({"result": "x**2"}, parameters=INPUTS)
    (probe,) = GradientCheck().probes(exercise, make_case(**inputs()))
    assert (probe.op, probe.of, probe.wrt, probe.order, probe.full) == (ProbeOp.GRADIENT, "result", ("x", "z"), 1, 32)
    assert len(probe.cotangent) == 97
    (again,) = GradientCheck(wrt=("x",), order=2).probes(exercise, make_case(**inputs()))
    assert (again.wrt, again.order, again.full) == (("x",), 2, 12)
    assert again.cotangent != probe.cotangent


def test_where_nothing_floats_nothing_is_measured(make_exercise: Make, make_case: MakeCase) -> None:
    exercise = make_exercise({"result": "x"})
    assert GradientCheck().probes(exercise, make_case(x=from_numpy(np.array([1])))) == ()
    assert GradientCheck().probes(make_exercise({"x.after": "x"}, {}), make_case(x=tensor([1]))) == ()


def test_each_floating_result_is_measured(make_exercise: Make, make_case: MakeCase) -> None:
    returns = {"a": Spec(), "positive": Spec(), "b": Spec(), "n": Spec(type=Type.INT), "whole": Spec(dtype=("int64",))}
    exercise = make_exercise({"a": "x", "positive": "x > 0", "b": "sum(x)", "n": "1", "whole": "1"}, returns)
    probes = GradientCheck().probes(exercise, make_case(x=tensor([1, 2])))
    assert [probe.of for probe in probes] == ["a", "b"]
    assert [probe.of for probe in GradientCheck(of="b").probes(exercise, make_case(x=tensor([1, 2])))] == ["b"]


def test_a_declared_gradient_has_no_hessian(make_exercise: Make, make_case: MakeCase) -> None:
    exercise = make_exercise({"result": "x"}, gradient={"x": "grad_output"})
    case = make_case(x=tensor([1]))
    assert GradientCheck().probes(exercise, case)[0].full == 32
    assert GradientCheck(order=2).probes(exercise, case)[0].full == 0


def test_a_formula_over_results_has_seeds(make_exercise: Make, make_case: MakeCase) -> None:
    exercise = make_exercise({"a": "x**2", "b": "3*x"}, {"a": Spec(), "b": Spec()})
    (probe,) = GradientCheck(of="sum(x * a) + 2 * b[1]").probes(exercise, make_case(x=tensor([3, 5])))
    (scale,) = read(probe.cotangent, 0, 1)
    assert probe.full == 0
    assert [name for name, _ in probe.seeds] == ["a", "b"]
    np.testing.assert_array_equal(to_numpy(probe.seeds[0][1]), scale * np.array([3.0, 5.0]))
    np.testing.assert_array_equal(to_numpy(probe.seeds[1][1]), scale * np.array([0.0, 2.0]))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    "of",
    [
        "a",
        "sum(a)",
        "a / 3 - x * b[0]",
        "mean(a * x) + half",
        "einsum('i,j->', a, x) + cumsum(b, 0)",
        "sum(where(x > 1, a, 2 * b)) / sum(x)",
        "(diag(x) + 1 / 3) @ a + sum(x**2)",
    ],
)
def test_a_worker_is_asked_the_same_whatever_is_right(of: str, order: int, make_exercise: Make, case: Case) -> None:
    def asked(constant: str) -> bytes:
        exercise = make_exercise({"a": f"{constant} * x**2", "b": f"x - {constant}"}, {"a": Spec(), "b": Spec()})
        exercise = replace(exercise, let={"half": Formula("x @ (a + b) / 2")})
        probes = GradientCheck(of=of, order=order).probes(exercise, case)
        assert probes
        return requests.measure(1, 0, requests.question(case.inputs, probes))

    assert asked("1") == asked("7.25") == asked("-1e9") == asked("1e-7")


@pytest.mark.parametrize("of", ["a**2", "sum(a * b)", "squares", "sum(squares) + sum(a)", "exp(b)", "x[:1] * norm(a)"])
def test_what_would_tell_the_answer_is_asked_by_nobody(of: str, make_exercise: Make, case: Case) -> None:
    exercise = make_exercise({"a": "x**2", "b": "3*x"}, {"a": Spec(), "b": Spec()})
    exercise = replace(exercise, let={"squares": Formula("a**2")})
    with pytest.raises(FormulaError, match="would tell every submission the right answer") as caught:
        plan(replace(exercise, checks=(GradientCheck(of=of),)), [case])
    assert caught.value.code == "gradient-nonlinear"


def test_seeds_need_formulas(make_exercise: Make, make_case: MakeCase) -> None:
    with pytest.raises(Exception, match="needs the formula of result in `reference`"):
        GradientCheck(of="sum(result)").probes(make_exercise(function="…"), make_case(x=tensor([1])))


@pytest.mark.parametrize(
    ("formula", "x", "at_kink", "measured"),
    [
        ("relu(x)", [0, 1], AtKink.AVOID, False),
        ("relu(x)", [2, 1], AtKink.AVOID, True),
        ("relu(x)", [0, 1], AtKink.ANY, True),
        ("relu(x)", [0, 1], AtKink.TORCH, True),
        ("sort(x)", [1, 1], AtKink.AVOID, False),
        ("x**2", [0, 0], AtKink.AVOID, True),
    ],
)
def test_kinks_are_avoided(
    formula: str, x: list[int], at_kink: AtKink, measured: bool, make_exercise: Make, make_case: MakeCase
) -> None:
    probes = GradientCheck(at_kink=at_kink).probes(make_exercise({"result": formula}), make_case(x=tensor(x)))
    assert bool(probes) is measured


def test_a_declared_gradient_has_no_kinks(make_exercise: Make, make_case: MakeCase) -> None:
    exercise = make_exercise({"result": "relu(x)"}, gradient={"x": "grad_output"})
    assert GradientCheck().probes(exercise, make_case(x=tensor([0])))


NAN = float("nan")


@pytest.mark.parametrize(
    ("product", "full", "verdict", "stage", "outcome"),
    [
        ([2, 4], [[2, 0], [0, 4]], Verdict.ACCEPTED, None, ""),
        ([2, 5], [[2, 0], [0, 5]], Verdict.WRONG_ANSWER, Stage.NUMBERS, "gradient of result in x"),
        ([2, 4], [[4, 0], [-2, 4]], Verdict.WRONG_ANSWER, Stage.NUMBERS, "Jacobian of result in x"),
        ([2, NAN], None, Verdict.WRONG_ANSWER, Stage.MASK, "gradient of result in x"),
        ([2, 4], None, Verdict.ACCEPTED, None, ""),
    ],
)
def test_products_and_rows_are_compared(
    product: list[float],
    full: list[list[float]] | None,
    verdict: Verdict,
    stage: Stage | None,
    outcome: str,
    make_exercise: Make,
    make_case: MakeCase,
    judge: Judge,
) -> None:
    exercise, case = make_exercise({"result": "x**2"}), make_case(x=tensor([1, 2]))
    rows = {} if full is None else {"x": tensor(full)}
    targets = Targets(value={"x": target([2, 4])}, full={"x": target([[2, 0], [0, 4]])})
    found = Derivatives(shape=(2,), product={"x": tensor(product)}, full=rows)
    judgement = judge(GradientCheck(), exercise, case, found, targets)
    assert judgement.verdict is verdict
    assert (judgement.comparison and judgement.comparison.stage) is stage
    assert (judgement.comparison.outcome if judgement.comparison else "") == outcome
    if stage is Stage.NUMBERS:
        assert judgement.help.startswith("A value can be right while its derivative is not")


@pytest.mark.parametrize(
    ("returned", "help"),
    [
        (tensor([1, 4]), "A value can be right while its derivative is not"),
        (tensor([1, 5]), "The value itself is wrong"),
    ],
)
def test_a_wrong_value_is_put_right_first(
    returned: Tensor, help: str, make_exercise: Make, make_case: MakeCase
) -> None:
    exercise, case, value = make_exercise({"result": "x**2"}), make_case(x=tensor([1, 2])), target([1, 4])
    (probe,) = GradientCheck().probes(exercise, case)
    call = Probe(op=ProbeOp.VALUE, case=case.name)
    evidence = Evidence(
        exercise=exercise,
        case=case,
        source=Source(text="", filename="s.py"),
        probes=(probe,),
        observed={
            probe: Derivatives(shape=(2,), product={"x": tensor([0, 0])}),
            call: Snapshot(returned=returned, after={}),
        },
        targets={probe: Targets(value={"x": target([2, 4])}), call: Targets(value={"result": value})},
    )
    assert GradientCheck().judge(evidence).help.startswith(help)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("no graph", "`result` is not connected to `x`: autograd finds no way back from one to the other."),
        ("not floating: int64", "`result` has dtype int64; only floating tensors can be differentiated."),
        ("not floating: <evil>", "`result` is not connected to `x`"),
        ("not a tensor: float", "`result` is no tensor, so autograd cannot differentiate it."),
        ("no result: result", "There is no `result` to differentiate."),
        ("wrong shape: result", "`result` cannot be computed: `result` has the wrong shape."),
        ("wrong shape: saw73519", "`result` is not connected to `x`"),
    ],
)
def test_what_cannot_be_differentiated(
    problem: str, said: str, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise, case = make_exercise({"result": "x**2"}), make_case(x=tensor([1, 2]))
    found = Derivatives(product={}, problem=problem)
    judgement = judge(GradientCheck(), exercise, case, found, Targets(value={"x": target([2, 4])}))
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert said in judgement.rationale
    assert ("Return a tensor" in judgement.help) is problem.startswith("not a tensor")
    zero = judge(GradientCheck(), exercise, case, found, Targets(value={"x": target([0, 0])}))
    assert zero.verdict is Verdict.ACCEPTED


def test_a_parameter_that_does_not_count_need_not_be_touched(
    make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise = make_exercise({"result": "x"}, parameters={"x": Spec(), "y": Spec()})
    case = make_case(x=tensor([1]), y=tensor([1]))
    targets = Targets(value={"x": target([1]), "y": target([0])})
    right = Derivatives(shape=(1,), product={"x": tensor([1]), "y": None})
    assert judge(GradientCheck(), exercise, case, right, targets).verdict is Verdict.ACCEPTED
    zeros = Derivatives(shape=(1,), product={"x": tensor([1]), "y": tensor([0])})
    assert judge(GradientCheck(), exercise, case, zeros, targets).verdict is Verdict.ACCEPTED
    wrong = Derivatives(shape=(1,), product={"x": None, "y": tensor([0])})
    judgement = judge(GradientCheck(), exercise, case, wrong, targets)
    assert judgement.rationale.startswith("`result` is not connected to `x`")
    assert ".detach()" in judgement.help
    absent = Derivatives(shape=(1,), product={})
    assert judge(GradientCheck(), exercise, case, absent, targets).verdict is Verdict.WRONG_ANSWER


def test_a_result_of_another_shape_is_told(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"result": "sum(x)"}), make_case(x=tensor([1, 2]))
    values = {Probe(op=ProbeOp.VALUE, case="one"): Targets(value={"result": target(3)})}
    found = Derivatives(shape=(1,), product={"x": tensor([1, 1])})
    judgement = judge(GradientCheck(), exercise, case, found, Targets(value={"x": target([1, 1])}), values)
    assert judgement.rationale == "`result` has shape [1]; it should have shape []."


@pytest.mark.parametrize(
    ("product", "verdict"),
    [
        (tensor([0, 1]), Verdict.ACCEPTED),
        (tensor([1, 1]), Verdict.ACCEPTED),
        (tensor([0.5, 1]), Verdict.ACCEPTED),
        (tensor([1.5, 1]), Verdict.WRONG_ANSWER),
        (tensor([0, 0]), Verdict.WRONG_ANSWER),
        (tensor([NAN, 1]), Verdict.WRONG_ANSWER),
        (tensor([1]), Verdict.WRONG_ANSWER),
        (None, Verdict.WRONG_ANSWER),
    ],
)
def test_any_slope_at_a_kink(
    product: Tensor | None, verdict: Verdict, make_exercise: Make, make_case: MakeCase, judge: Judge
) -> None:
    exercise, case = make_exercise({"result": "relu(x)"}), make_case(x=tensor([0, 1]))
    check = GradientCheck(at_kink=AtKink.ANY)
    weights = np.array(read(check.probes(exercise, case)[0].cotangent, 0, 2))
    found = None if product is None or product.shape != (2,) else tensor(to_numpy(product) * weights)
    judgement = judge(
        check, exercise, case, Derivatives(shape=(2,), product={"x": found or product}), Targets(value={})
    )
    assert judgement.verdict is verdict
    if verdict is Verdict.WRONG_ANSWER:
        assert judgement.rationale == "The gradient of `result` in `x` is none of its one-sided derivatives here."


def test_incidents_and_a_missing_truth(make_exercise: Make, make_case: MakeCase, judge: Judge) -> None:
    exercise, case = make_exercise({"result": "x"}), make_case(x=tensor([1]))
    slow = Incident(kind=IncidentKind.TIME_LIMIT, message="")
    targets = Targets(value={"x": target([1])})
    assert judge(GradientCheck(), exercise, case, slow, targets).verdict is Verdict.TIME_LIMIT_EXCEEDED
    found = Derivatives(shape=(1,), product={"x": tensor([1])})
    judgement = judge(GradientCheck(), exercise, case, found, Targets(value={}))
    assert judgement.verdict is Verdict.JUDGE_ERROR
    assert judgement.rationale == "Nothing says what this derivative should be."


@pytest.mark.parametrize(
    ("check", "subject"),
    [
        (GradientCheck(), ""),
        (GradientCheck(of="z", wrt=("a", "b")), "z a, b"),
        (GradientCheck(order=2), " order 2"),
    ],
)
def test_subjects_tell_checks_apart(check: GradientCheck, subject: str) -> None:
    assert check.subject == subject
    assert not check.is_condition()
    assert check.looks_at_cases()
