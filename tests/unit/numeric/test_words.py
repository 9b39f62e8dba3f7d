"""What a student is told of a Comparison."""

from __future__ import annotations

import pytest

from torchgrade.model.finding import Comparison, Stage
from torchgrade.numeric.words import sentence


def numbers(**figures: object) -> Comparison:
    return Comparison(stage=Stage.NUMBERS, **figures)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("comparison", "rationale", "help", "values"),
    [
        (Comparison(stage=Stage.EQUAL), "", "", ""),
        (
            Comparison(stage=Stage.TYPE, observed="None", expected="a tensor"),
            "`result` is None; it should be a tensor.",
            "`return`",
            "",
        ),
        (
            Comparison(stage=Stage.TYPE, observed="an int64 tensor of shape []", expected="a Python int"),
            "`result` is an int64 tensor of shape []; it should be a Python int.",
            "`.item()`",
            "",
        ),
        (
            Comparison(stage=Stage.TYPE, observed="a generator", expected="a tensor"),
            "`result` is a generator; it should be a tensor.",
            "write `return`",
            "",
        ),
        (
            Comparison(stage=Stage.TYPE, observed="a numpy array", expected="a tensor"),
            "`result` is a numpy array; it should be a tensor.",
            "Stay in torch",
            "",
        ),
        (
            Comparison(stage=Stage.TYPE, observed="a method that was not called", expected="a tensor"),
            "`result` is a method that was not called; it should be a tensor.",
            "`x.sum()`",
            "",
        ),
        (
            Comparison(stage=Stage.TYPE, observed="a text", expected="a shape"),
            "`result` is a text; it should be a shape.",
            "Return a shape.",
            "",
        ),
        (
            Comparison(stage=Stage.STRUCTURE, outcome="[1]", observed="a tuple of 1", expected="a tuple of 2"),
            "`result[1]` is a tuple of 1; it should be a tuple of 2.",
            "exactly the items",
            "",
        ),
        (
            Comparison(stage=Stage.DTYPE, observed="int64", expected="float"),
            "`result` has dtype int64; it should have a floating dtype.",
            "dtype=x.dtype",
            "",
        ),
        (
            Comparison(stage=Stage.DTYPE, observed="int64", expected="bool"),
            "`result` has dtype int64; it should have bool.",
            "0 and 1 are not False and True",
            "",
        ),
        (
            Comparison(stage=Stage.DTYPE, observed="float64", expected="float32"),
            "`result` has dtype float64; it should have float32.",
            "`.to(torch.float32)` converts",
            "",
        ),
        (
            Comparison(
                stage=Stage.MASK, mismatched=2, total=6, index=(0, 1), observed="nan", expected="3.25", outcome=""
            ),
            "`result` is NaN at index (0, 1) and should not be; mismatched 2 of 6 elements (33.3%).",
            "0/0",
            "Observed nan, expected 3.25 at index (0, 1).",
        ),
        (
            Comparison(stage=Stage.MASK, mismatched=1, total=1, observed="-inf", expected="inf"),
            "`result` is infinite with the wrong sign and should not be.",
            "division by zero",
            "Observed -inf, expected inf.",
        ),
        (
            Comparison(stage=Stage.MASK, mismatched=1, total=3, index=(2,), observed="1", expected="nan"),
            "`result` is finite at index (2,) and should not be; mismatched 1 of 3 elements (33.3%).",
            "infinity or NaN",
            "Observed 1, expected nan at index (2,).",
        ),
        (
            numbers(
                mismatched=2, total=6, index=(0, 1), observed="7.75", expected="7.25", difference=0.5, allowed=1.2e-05,
                relative=0.07,
            ),
            "`result` has the wrong value: mismatched 2 of 6 elements (33.3%), most of all at index (0, 1).",
            "what is special about the places that are not",
            "Observed 7.75, expected 7.25 at index (0, 1) (difference 0.5, allowed 1.2e-05).",
        ),
        (
            numbers(mismatched=1, total=6, index=(0,), observed="7.75", expected="7.25", difference=0.5, allowed=1e-5),
            "`result` has the wrong value: mismatched 1 of 6 elements (16.7%) at index (0,).",
            "what is special about the place that is not",
            "Observed 7.75, expected 7.25 at index (0,) (difference 0.5, allowed 1e-05).",
        ),
        (
            numbers(total=1, observed="7.75", expected="7.25", difference=0.5, allowed=1e-5, relative=0.07),
            "`result` has the wrong value.",
            "by hand",
            "Observed 7.75, expected 7.25 (difference 0.5, allowed 1e-05).",
        ),
        (
            numbers(total=1, observed="7.2501", expected="7.25", difference=1e-4, allowed=1e-5, relative=1e-5),
            "`result` has the wrong value.",
            "Close",
            "Observed 7.2501, expected 7.25 (difference 0.0001, allowed 1e-05).",
        ),
        (
            numbers(mismatched=1, total=1, observed="the text 'a'", expected="the text 'b'"),
            "`result` has the wrong value.",
            "by hand",
            "Observed the text 'a', expected the text 'b'.",
        ),
        (
            Comparison(stage=Stage.UNDECIDED, total=3, allowed=2.0),
            "`result` cannot be judged here: rounding alone may change this result by more than a tenth.",
            "other cases",
            "",
        ),
    ],
)  # fmt: skip
def test_sentences(comparison: Comparison, rationale: str, help: str, values: str) -> None:
    words = sentence(comparison)
    assert words.rationale == rationale
    assert help in words.help
    assert words.values == values


@pytest.mark.parametrize(
    ("observed", "expected", "advice"),
    [
        ("[3, 1]", "[3]", "keepdim=True"),
        ("[1]", "[]", "axis of size 1 too many"),
        ("[3]", "[3, 1]", "An axis of size 1 is missing"),
        ("[2, 3]", "[3, 2]", "transpose"),
        ("[2, 3]", "[]", "every axis"),
        ("[2]", "[2, 3]", "An axis is gone"),
        ("[]", "[2, 3]", "Everything became one number"),
        ("[2, 3]", "[2]", "too many axes"),
        ("[2, 3]", "[2, 4]", "print the shapes"),
    ],
)
def test_advice_on_shapes(observed: str, expected: str, advice: str) -> None:
    words = sentence(Comparison(stage=Stage.SHAPE, observed=observed, expected=expected), "B")
    assert words.rationale == f"`B` has shape {observed}; it should have shape {expected}."
    assert advice in words.help


@pytest.mark.parametrize("stage", list(Stage))
def test_no_rationale_or_help_holds_a_number_of_the_answer(stage: Stage) -> None:
    observed, expected = ("41.5", "42.25") if stage in (Stage.MASK, Stage.NUMBERS) else ("[2]", "[3]")
    comparison = Comparison(
        stage=stage,
        mismatched=1,
        total=4,
        index=(3,),
        observed=observed,
        expected=expected,
        difference=0.75,
        relative=0.0178,
        allowed=0.001,
    )
    told = sentence(comparison)
    for secret in ("42.25", "41.5", "0.75", "0.0178", "0.001"):
        assert secret not in told.rationale + told.help
