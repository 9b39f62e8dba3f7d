"""The rule for differences: C * eps * (scale + condition) + eps * amplified + error."""

from __future__ import annotations

import math

import pytest

from torchgrade.model.exercise import Spec
from torchgrade.model.target import Target
from torchgrade.model.value import Scalar, ScalarType
from torchgrade.numeric.tolerance import EPS, allowed, decides, judged_dtype

ANY = Scalar(type=ScalarType.FLOAT, value=0.0)


@pytest.mark.parametrize(
    ("dtype", "eps", "factor"),
    [("float64", 2.0**-52, 64), ("float32", 2.0**-23, 64), ("float16", 2.0**-10, 4), ("bfloat16", 2.0**-7, 4)],
)
def test_the_rule(dtype: str, eps: float, factor: int) -> None:
    target = Target(value=ANY, scale=2.0, condition=3.0, amplified=7.0, error=0.25)
    assert allowed(target, dtype) == factor * eps * 5 + eps * 7 + 0.25
    assert EPS[dtype] == eps


@pytest.mark.parametrize(("scale", "expected"), [(5.0, 0.05), (0.0, 0.01)])
def test_an_authors_tolerance_is_relative_to_the_scale(scale: float, expected: float) -> None:
    assert allowed(Target(value=ANY, scale=scale, condition=1e9), "float32", 0.01) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("target", "dtype", "expected"),
    [
        (Target(value=ANY, scale=1.0), "bfloat16", True),
        (Target(value=ANY, scale=1.0, amplified=1e5), "float32", True),
        (Target(value=ANY, scale=1.0, amplified=1e6), "float32", False),
        (Target(value=ANY, scale=1.0, amplified=1e6), "float64", True),
        (Target(value=ANY, scale=0.0, condition=1.0), "float32", True),
        (Target(value=ANY, scale=math.inf), "float32", False),
        (Target(value=ANY, scale=1.0, error=math.nan), "float32", False),
    ],
)
def test_a_tenth_of_the_scale_decides_nothing(target: Target, dtype: str, expected: bool) -> None:
    assert decides(target, allowed(target, dtype)) is expected


@pytest.mark.parametrize(
    ("words", "observed", "expected"),
    [
        ((), "float64", "float32"),
        (("float",), "float64", "float32"),
        (("float16",), "float64", "float16"),
        (("float16", "float64"), "float64", "float64"),
        (("int64",), "int64", "float32"),
    ],
)
def test_the_dtype_whose_eps_counts(words: tuple[str, ...], observed: str, expected: str) -> None:
    assert judged_dtype(Spec(dtype=words), "float32", observed) == expected
