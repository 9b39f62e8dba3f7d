"""Distances to the places where a formula bends."""

from __future__ import annotations

import math

import numpy as np
import pytest

from torchgrade.formula.evaluate import Scope, distance_to_kink
from torchgrade.formula.parse import parse
from torchgrade.model.value import Scalar, ScalarType, Tensor


def tensor(value: list[float] | list[list[float]]) -> Tensor:
    data = np.asarray(value, dtype="<f8")
    return Tensor(dtype="float64", shape=data.shape, data=data.tobytes())


SCOPE = Scope(
    values={
        "x": tensor([0.5, -1.25, 2.0]),
        "t": tensor([1.0, 1.0, 3.0]),
        "S": tensor([[2.0, 1.0], [1.0, 3.5]]),
        "k": Scalar(type=ScalarType.INT, value=0),
    },
    lets={"f": parse("sum(relu(x - 0.125))")},
)
DISTANCES = [
    ("x**2 + exp(x)", math.inf),
    ("relu(x)", 0.5),
    ("abs(x - 2)", 0.0),
    ("sign(x)", 0.5),
    ("where(x > 0.25, x, 0)", 0.25),
    ("x == t", 0.5),
    ("max(x)", 1.5),
    ("min(x)", 1.75),
    ("max(t)", 2.0),
    ("min(t)", 0.0),
    ("max(t, dim=0)", 2.0),
    ("maximum(x, 0)", 0.5),
    ("clamp(x, -1, 1)", 0.25),
    ("sort(x)", 1.5),
    ("sort(t)", 0.0),
    ("argsort(x)", 1.5),
    ("argmax(x)", 1.5),
    ("floor(x)", 0.0),
    ("ceil(x / 4)", 0.125),
    ("round(x / 4)", 0.0),
    ("int(x * 0.3)", 0.15),
    ("x // 3", 1 / 6),
    ("x % 3", 1 / 6),
    ("sqrt(abs(x))", 0.5),
    ("norm(x[:1])", 0.5),
    ("norm(x, 1)", 0.5),
    ("norm(x, inf)", 0.5),
    ("std(x[:1], correction=0)", math.inf),
    ("eigvalsh(S)", 2.5),
    ("svdvals(S)", 1.5),
    ("grad(f, x)", 0.375),
    ("f if k == 0 else 0", 0.375),
    ("k > 0", math.inf),
    ("all(S == S.T)", 0.0),
    ("relu(x - max(x))", 1.5),
    ("x - max(x)", 1.5),
    ("maximum(zeros(3), 0) + x", math.inf),
    ("x == x", math.inf),
]


@pytest.mark.parametrize(("text", "distance"), DISTANCES)
def test_the_least_distance_to_a_kink(text: str, distance: float) -> None:
    if text == "x == x":  # an element never moves away from itself
        assert distance_to_kink(parse(text), SCOPE) == math.inf
    assert distance_to_kink(parse(text), SCOPE) == pytest.approx(distance, rel=1e-12)
