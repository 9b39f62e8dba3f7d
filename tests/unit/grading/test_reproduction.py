"""Three lines to paste: inputs, call, and what should come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.gradient import GradientCheck
from torchgrade.checks.property import PropertyCheck
from torchgrade.checks.rule import RuleCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.grading.examine import Examined
from torchgrade.grading.reproduction import reproduction
from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise, Formula, Python, Spec, Truth
from torchgrade.model.finding import Judgement, Mismatch
from torchgrade.model.observation import Derivatives
from torchgrade.model.target import Target
from torchgrade.model.value import Expression, Opaque, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import from_numpy

Changed = Callable[..., Exercise]


def tensor(numbers: object, dtype: str = "float32") -> Tensor:
    return from_numpy(np.array(numbers), dtype)


def failed(case: Case | None, check: Check | None = None, outcome: str = "", expected: Value | None = None) -> Examined:
    mismatch = None
    if outcome:
        mismatch = Mismatch(outcome=outcome, observed=tensor(0), target=Target(value=expected or tensor(1.5)))
    judgement = Judgement(verdict=Verdict.WRONG_ANSWER, mismatch=mismatch)
    return Examined(check=check or ValueCheck(name="value"), case=case, judgement=judgement)


def lines(exercise: Exercise, examined: Examined) -> list[str]:
    return reproduction(exercise, examined, {}).splitlines()


def with_inputs(case: Case, **inputs: Value) -> Case:
    return replace(case, inputs=inputs)


def test_a_value(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    expected = tensor([1, 4.1234567], "float64")
    assert lines(exercise, failed(cases[0], outcome="result", expected=expected)) == [
        "import torch",
        "x = torch.tensor([1.0, 2.0])",
        "print(square(x))  # should be tensor([1., 4.12346])",
    ]


INPUTS: Mapping[str, tuple[Value, str]] = {
    "float32": (tensor([0.1, -1]), "torch.tensor([0.1, -1.0])"),
    "float64": (tensor([[0.1]], "float64"), "torch.tensor([[0.1]], dtype=torch.float64)"),
    "bfloat16": (tensor(1.0, "bfloat16"), "torch.tensor(1.0, dtype=torch.bfloat16)"),
    "int64": (tensor([1, 2], "int64"), "torch.tensor([1, 2])"),
    "bool": (tensor([True], "bool"), "torch.tensor([True])"),
    "complex": (tensor([1 + 2j], "complex64"), "torch.tensor([(1+2j)], dtype=torch.complex64)"),
    "nan": (tensor([np.nan, np.inf]), "torch.tensor([float('nan'), float('inf')])"),
    "empty": (tensor(np.zeros((0, 3))), "torch.zeros((0, 3), dtype=torch.float32)"),
    "leaf": (replace(tensor([1.0]), requires_grad=True), "torch.tensor([1.0], requires_grad=True)"),
    "int": (Scalar(type=ScalarType.INT, value=3), "3"),
    "float": (Scalar(type=ScalarType.FLOAT, value=float("inf")), "float('inf')"),
    "text": (Scalar(type=ScalarType.STR, value="it's"), '"it\'s"'),
    "none": (Scalar(type=ScalarType.NONE, value=None), "None"),
    "shape": (Series(type="Size", items=(Scalar(type=ScalarType.INT, value=3),)), "(3, )"),
    "symbol": (Scalar(type=ScalarType.SYMBOL, value="x"), "sympy.Symbol('x')"),
}


@pytest.mark.parametrize(("value", "text"), INPUTS.values(), ids=INPUTS)
def test_inputs(value: Value, text: str, exercise: Exercise, cases: tuple[Case, ...]) -> None:
    found = lines(exercise, failed(with_inputs(cases[0], x=value)))
    assert found[0] == ("import sympy, torch" if "sympy" in text else "import torch")
    assert found[1] == f"x = {text}"
    assert found[2] == "print(square(x))"


@pytest.mark.parametrize("value", [tensor(np.zeros(25)), Opaque(type="X", reason="y")])
def test_what_is_long_is_left_out(value: Value, exercise: Exercise, cases: tuple[Case, ...]) -> None:
    assert reproduction(exercise, failed(with_inputs(cases[0], x=value)), {}) == ""


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (tensor(np.zeros(25), "float64"), "a tensor of shape [25]"),
        (tensor([3, 1e9, np.inf], "float64"), "tensor([3., 1e+09, inf])"),
        (tensor([3], "int64"), "tensor([3])"),
        (Scalar(type=ScalarType.FLOAT, value=3.0), "3.0"),
        (Scalar(type=ScalarType.BOOL, value=True), "True"),
        (Series(type="Size", items=(Scalar(type=ScalarType.INT, value=3),)), "(3)"),
        (Expression(text="9*x**2"), "9*x**2"),
        (tensor([True], "bool"), "tensor([True])"),
        (Opaque(type="X", reason="y"), "something else"),
    ],
)
def test_expected_values(expected: Value, text: str, exercise: Exercise, cases: tuple[Case, ...]) -> None:
    found = lines(exercise, failed(cases[0], outcome="result", expected=expected))
    assert found[-1] == f"print(square(x))  # should be {text}"


@pytest.mark.parametrize(
    ("outcome", "last"),
    [
        ("b", "print(square(x)[1])  # should be tensor(1.5)"),
        ("x.grad", "square(x); print(x.grad)  # should be tensor(1.5)"),
        ("x.after", "square(x); print(x)  # should be tensor(1.5)"),
        ("sum(a)", "print(square(x))  # sum(a) should be tensor(1.5)"),
    ],
)
def test_outcomes(outcome: str, last: str, changed: Changed, cases: tuple[Case, ...]) -> None:
    exercise = changed(returns={"a": Spec(), "b": Spec()})
    assert lines(exercise, failed(cases[0], outcome=outcome))[-1] == last


def test_how_it_is_called(changed: Changed, cases: tuple[Case, ...]) -> None:
    exercise = changed(call=Python("def call(square, x):\n    return square.apply(x)\n"))
    assert lines(exercise, failed(cases[0]))[2:] == [
        "def call(square, x):",
        "    return square.apply(x)",
        "print(call(square, x))",
    ]


def test_a_property(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    check = PropertyCheck(name="property", holds=Formula("result >= 0"))
    assert lines(exercise, failed(cases[0], check))[-1] == "print(square(x))  # should fulfil result >= 0"


def test_a_gradient_has_its_cotangent(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    check = GradientCheck(name="gradient")
    (probe,) = check.probes(exercise, cases[0])
    examined = failed(cases[0], check, outcome="gradient of result in x")
    text = reproduction(exercise, examined, {probe: Derivatives(shape=(2,), product={})})
    first, second = (float(each) for each in probe.cotangent[:2])
    _, made, last = text.splitlines()
    assert made == "x = torch.tensor([1.0, 2.0], requires_grad=True)"
    weights = f"torch.tensor([{first}, {second}]).reshape(y.shape).to(y.dtype)"
    call = f"y = square(x); print(torch.autograd.grad(y, [x], {weights}))"
    assert last == f"{call}  # gradient of result in x should be tensor(1.5)"


@pytest.mark.parametrize(
    ("outcome", "found", "beginning"),
    [
        (
            "Jacobian of result in x",
            Derivatives(shape=(2,), product={}),
            "print(torch.autograd.functional.jacobian(lambda x: square(x), x).reshape(-1, *x.shape))  # Jacobian",
        ),
        (
            "gradient of result in x",
            Derivatives(product={}, problem="no graph"),
            "y = square(x); print(y.requires_grad)  # should be True",
        ),
    ],
)
def test_other_derivatives(
    outcome: str, found: Derivatives, beginning: str, exercise: Exercise, cases: tuple[Case, ...]
) -> None:
    check = GradientCheck(name="gradient")
    (probe,) = check.probes(exercise, cases[0])
    text = reproduction(exercise, failed(cases[0], check, outcome=outcome), {probe: found})
    assert text.splitlines()[-1].startswith(beginning)


def test_the_derivative_that_is_wrong_is_repeated(changed: Changed, cases: tuple[Case, ...]) -> None:
    exercise = changed(
        returns={"a": Spec(), "b": Spec()}, reference=Truth(formula={"a": Formula("x"), "b": Formula("x**2")})
    )
    check = GradientCheck(name="gradient")
    probes = check.probes(exercise, cases[0])
    found = {probe: Derivatives(shape=(2,), product={}) for probe in probes}
    assert len(found) == 2
    text = reproduction(exercise, failed(cases[0], check, outcome="gradient of b in x"), found)
    assert text.splitlines()[-1].startswith("y = square(x)[1]; ")


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        ("result", Derivatives(shape=(1, 2), product={})),
        ("gradient of result in x", Derivatives(product={}, problem="not a tensor: NoneType")),
    ],
    ids=["another shape", "no tensor"],
)
def test_a_gradient_is_not_blamed_for_the_value(
    outcome: str, found: Derivatives, exercise: Exercise, cases: tuple[Case, ...]
) -> None:
    check = GradientCheck(name="gradient")
    (probe,) = check.probes(exercise, cases[0])
    assert reproduction(exercise, failed(cases[0], check, outcome=outcome), {probe: found}) == ""


def test_a_gradient_that_is_not_connected_is_none(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    check = GradientCheck(name="gradient")
    (probe,) = check.probes(exercise, cases[0])
    examined = failed(cases[0], check, outcome="gradient of result in x")
    text = reproduction(exercise, examined, {probe: Derivatives(shape=(2,), product={"x": None})})
    assert ", allow_unused=True))" in text


def test_what_no_line_can_repeat_is_left_out(exercise: Exercise, cases: tuple[Case, ...]) -> None:
    assert reproduction(exercise, failed(cases[0], GradientCheck(name="g", order=2)), {}) == ""
    assert reproduction(exercise, failed(cases[0], GradientCheck(name="g")), {}) == ""
    assert reproduction(exercise, failed(None, RuleCheck(name="rule")), {}) == ""
