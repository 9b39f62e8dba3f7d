"""Which formulas are linear in results: by the table, and held against the derivatives themselves."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.formula.evaluate import Scope, evaluate
from torchgrade.formula.functions import FUNCTIONS
from torchgrade.formula.linearity import LINEAR, PRODUCTS, fault
from torchgrade.formula.parse import parse
from torchgrade.numeric.arrays import from_numpy, to_numpy

RESULTS = ("y", "Y", "z")
LETS = {
    name: parse(text)
    for name, text in {
        "half": "y / 2",
        "quarter": "half / 2",
        "square": "half * y",
        "weight": "sum(x)",
        "round_and": "about",
        "about": "round_and + y",
    }.items()
}

LINEAR_FORMULAS = [
    "y",
    "x**2",
    "-y + +z - x",
    "y[0] + 2 * z",
    "x * y / (1 + x**2)",
    "sum(x * y)",
    "mean(y) + sum(Y, dim=1, keepdim=True)",
    "A @ y",
    "y @ A @ x",
    "trace(A @ Y @ A)",
    "Y.T + Y.mT",
    "Y[0, 1:, ...] * x[1] + y[argmax(x)]",
    "y[x > 0]",
    "[y, z, x]",
    "stack([y, z], dim=1)",
    "cat([y, x, z])",
    "cumsum(y, 0)",
    "flip(y, 0) + roll(z, 1)",
    "reshape(Y, [-1]) + reshape(Y, n * n)",
    "permute(Y, 1, 0) + transpose(Y, 0, 1)",
    "expand(y, n, n)",
    "gather(y, 0, argsort(x))",
    "windows(y, 2)",
    "diag(y) + diag(diag(Y)) + tril(Y) - triu(Y)",
    "diagonal(Y)",
    "float(y) + real(z)",
    "einsum('ij,j->i', Y, x)",
    "einsum('ii->', Y)",
    "einsum('ij,j->i', A, [y[0], z[1], 0])",
    "outer(x, y) + outer(z, x)",
    "kron(y, x)",
    "cross(x, y)",
    "solve(A, y)",
    "where(x > 1, y, 2 * z)",
    "y if n > 2 else z",
    "half + 3 * quarter - weight * y",
    "exp(x) * y + norm(x) * det(A)",
    "grad(sum(x**2), x) * y",
]


@pytest.mark.parametrize("text", LINEAR_FORMULAS)
def test_what_is_linear(text: str) -> None:
    assert fault(text, RESULTS, LETS) is None


@pytest.mark.parametrize("text", LINEAR_FORMULAS)
def test_the_derivative_of_what_is_linear_is_the_same_everywhere(text: str) -> None:
    def derivatives(seed: int) -> list[object]:
        random = np.random.default_rng(seed)
        results = {"y": random.normal(size=3), "z": random.normal(size=3), "Y": random.normal(size=(3, 3))}
        inputs = {"x": np.array([0.5, 2.0, -1.25]), "A": np.array([[2.0, 1, 0], [0, 3, 1], [1, 0, 4.0]])}
        values = {name: from_numpy(array) for name, array in {**results, **inputs, "n": np.array(3)}.items()}
        lets = {name: node for name, node in LETS.items() if name not in ("about", "round_and")}
        scope = Scope(values=values, lets=lets)
        return [to_numpy(evaluate(parse(f"jacobian({text}, {name})"), scope)).tolist() for name in results]

    assert derivatives(1) == derivatives(2)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("y**2", "y**2"),
        ("y**1", "y**1"),
        ("2**y", "2**y"),
        ("sum(y * z) + y", "y * z"),
        ("y * y", "y * y"),
        ("(y + 1) * (x - y)", "(y + 1) * (x - y)"),
        ("x / y", "x / y"),
        ("y // 2", "y // 2"),
        ("y % x", "y % x"),
        ("y @ A @ y", "y @ A @ y"),
        ("norm(y)", "norm(y)"),
        ("2 * exp(-y)", "exp(-y)"),
        ("abs(y) + relu(z)", "abs(y)"),
        ("max(y)", "max(y)"),
        ("maximum(y, x)", "maximum(y, x)"),
        ("sort(y)", "sort(y)"),
        ("prod(y)", "prod(y)"),
        ("var(y)", "var(y)"),
        ("det(Y)", "det(Y)"),
        ("solve(Y, x)", "solve(Y, x)"),
        ("solve(Y, y)", "solve(Y, y)"),
        ("outer(y, y)", "outer(y, y)"),
        ("kron(y, z)", "kron(y, z)"),
        ("cross(x + y, z)", "cross(x + y, z)"),
        ("einsum('i,i->', y, z)", "einsum('i,i->', y, z)"),
        ("x[int(y[0])]", "int(y[0])"),
        ("x[argmax(y)] + y", "argmax(y)"),
        ("gather(y, 0, argsort(y))", "argsort(y)"),
        ("where(y > 0, y, 0)", "y > 0"),
        ("x if y[0] > 0 else z", "y[0] > 0"),
        ("y * (z[0] > 0)", "z[0] > 0"),
        ("sum(y) * numel(y)", "numel(y)"),
        ("y * y.shape[0]", "y.shape"),
        ("detach(y) * y", "detach(y)"),
        ("grad(sum(y**2), y)", "y**2"),
        ("vjp(y, x, x)", "vjp(y, x, x)"),
        ("at(x * y, x=2)", "at(x * y, x=2)"),
        ("at(y, y=2)", "at(y, y=2)"),
        ("x + square", "square"),
        ("half * quarter", "half * quarter"),
        ("half * z", "half * z"),
        ("about", "about"),
        ("y.after", "y.after"),
        ("not y", "not y"),
    ],
)
def test_what_is_not_linear(text: str, part: str) -> None:
    found = fault(text, RESULTS, LETS)
    assert found is not None
    assert found.code == "gradient-nonlinear"
    assert found.message.split("`")[1] == text[found.start : found.end] == part


def test_the_words() -> None:
    found = fault("sum(w * y) + square * z[0]", RESULTS, LETS)
    assert found is not None
    assert found.message == (
        "`square` is not linear in `y`: measuring its gradient would tell every submission the right answer"
    )
    assert found.hint == (
        "return it as a result of its own, or check the gradient of `y` by itself; "
        "linear are + and -, sum, mean, trace, parts such as y[0], and products with what is no result"
    )


def test_many_names_are_looked_at_once() -> None:
    lets = {"a0": parse("y"), **{f"a{each}": parse(f"a{each - 1} + a{each - 1}") for each in range(1, 200)}}
    assert fault("a199", RESULTS, lets) is None
    assert fault("a199 * a0", RESULTS, lets) is not None


def test_the_table_speaks_of_functions_and_parameters_that_exist() -> None:
    assert not LINEAR.keys() & PRODUCTS.keys()
    for name, parameters in {**LINEAR, **PRODUCTS}.items():
        signature = FUNCTIONS[name]
        assert parameters <= {each.name for each in signature.parameters} | {signature.variadic}
