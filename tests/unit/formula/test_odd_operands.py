"""No operand is too odd: each function and operator of them has a value or a FormulaError, in every reading."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from random import Random

import numpy as np
import pytest

from torchgrade.errors import FormulaError
from torchgrade.formula import scope, shapes
from torchgrade.formula.approximate import approximate
from torchgrade.formula.evaluate import Scope, evaluate
from torchgrade.formula.exact import encode
from torchgrade.formula.frames import opened
from torchgrade.formula.functions import FUNCTIONS
from torchgrade.formula.parse import parse
from torchgrade.formula.source import solution
from torchgrade.inputs.draw import cases
from torchgrade.model.exercise import Exercise, Formula
from torchgrade.model.value import Tensor
from torchgrade.numeric.arrays import from_numpy, to_numpy
from torchgrade.spec.load import load_text

ODD = (
    *("x", "A", "w", "z", "a", "i", "m", "2", "-1", "0", "0.5", "2j", "True", "None", "inf", "nan", "1e300", "10**30"),
    *("2**63 - 1", "[]", "[2, 3]", "[0, -1]", "[inf, nan]", "[10**30, 0]", "[[1, 2], [3, 4]]", "[z, z]", "x.shape"),
    *("1 // 0", "2**-1", "[3, 4] // [0, 1]", "int(nan)", "m & False", "zeros(0, 3)", "zeros(1000000, 0)"),
    *("zeros(0, 1000000)", "zeros(1000, 0, 1000)"),
)
BINARY = ("+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<", "<=", "==", "and", "or")
ONE = (
    *("-({0})", "+({0})", "~({0})", "not ({0})", "({0}).T", "({0}).mT", "({0}).shape", "({0}).ndim", "({0})[0]"),
    *("({0})[None]", "[{0}]", "sum({0}, dim=[])", *(f"{name}({{0}})" for name in FUNCTIONS)),
)
TWO = (
    *(f"({{0}}) {operator} ({{1}})" for operator in BINARY),
    *("({0})[{1}]", "({0})[..., {1}]", "({0})[{1}:]", "({0})[:{1}]", "({0})[::{1}]", "{0} if {1} else x", "[{0}, {1}]"),
    *("einsum('i,j->ij', {0}, {1})", "einsum('ij,jk->ik', {0}, {1})", "jvp({0}, w, {1})"),
    *(f"{name}({{0}}, {{1}})" for name in FUNCTIONS),
    *(f"{name}([{{0}}, {{1}}])" for name in ("cat", "stack", "sorted", "sum")),
)
THREE = tuple(f"{name}({{0}}, {{1}}, {{2}})" for name in FUNCTIONS)
TRIED = 3_000
"""Of the formulas of two or three operands; those of one are all tried."""
WORK = 200_000
FILE = """schema: 1
title: T
task: T
entrypoint: f
parameters:
  x: [n]
  A: [n, n]
  a: float
  i: int
  z: {shape: [2], dtype: complex128}
  m: {shape: [n], dtype: bool}
  w: {shape: [2, n, 2]}
reference: {formula: sum(x), function: "def f(*args): return args"}
cases: [{name: one, dims: {n: 3}, draw: 1}]
"""


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return load_text(FILE, "odd.yaml", "odd")


@pytest.fixture(scope="module")
def inputs(exercise: Exercise) -> Scope:
    (case, *_) = cases(exercise, "odd")
    return Scope(values=dict(case.inputs))


def formulas() -> Iterator[str]:
    random = Random(4)  # noqa: S311
    for form, operand in product(ONE, ODD):
        yield form.format(operand)
    for forms in (TWO, THREE):
        for _ in range(TRIED):
            yield random.choice(forms).format(*random.choices(ODD, k=3))


def read(text: str, exercise: Exercise, inputs: Scope) -> None:
    node = parse(text)
    for found in scope.faults(node, known := shapes.named(exercise)) or shapes.faults(node, known, {}):
        assert found.message
    with opened(inputs, (node,)) as frame:
        frame.reading.work = WORK
        encode(frame.read(node))
    approximate(node, inputs)
    ast.parse(solution(exercise, {"result": Formula(text)}))


def test_a_value_or_a_fault(exercise: Exercise, inputs: Scope) -> None:
    valued = 0
    for text in formulas():
        try:
            read(text, exercise, inputs)
            valued += 1
        except FormulaError as fault:
            assert fault.message
        except Exception as error:
            error.add_note(f"the formula is {text}")
            raise
    assert valued > 300


FAULTS = [
    ("arange(0, inf)", "formula-domain", "finite numbers"),
    ("arange(1 // 0)", "formula-domain", "finite numbers"),
    ("zeros(0, 10**30)", "formula-too-large", "does not fit into 64 bits"),
    ("zeros(0, 2000000)", "formula-too-large", "more than 1,000,000 elements"),
    ("reshape(zeros(0), 0, 2000000)", "formula-too-large", "more than 1,000,000 elements"),
    ("sum(zeros(1000000, 0) @ zeros(0, 1000000))", "formula-too-large", "too much work"),
    ("sum(windows(zeros(1000000, 0), 500000, dim=0), 1)", "formula-too-large", "too much work"),
    ("cat([x, 1])", "formula-shape", "do not fit along axis 0"),
    ("gather(a, 0, i)", "formula-shape", "this is one number"),
    ("roll(a, 1, 0)", "formula-shape", "this is one number"),
    ("windows(a, 1)", "formula-shape", "do not fit"),
    ("sum(x, dim=[])", "formula-arguments", "names no axis"),
    ("argmax(x, dim=[])", "formula-arguments", "names no axis"),
    ("cond(zeros(2, 0))", "formula-domain", "no elements"),
    ("sorted(z)", "formula-kind", "not for complex numbers"),
    ("vjp(x[:2], x, z)", "formula-kind", "complex vector"),
    ("jvp(x, x, z[[0, 0, 1]])", "formula-kind", "complex vector"),
    *((f"{text}", "formula-domain", "divided by zero") for text in ("1 | (1 // 0)", "~(1 // 0)", "(1 // 0)**0")),
    *((text, "formula-domain", "divided by zero") for text in ("2**(1 // [0])", "sign(1 // 0)", "max([3, 1 // 0])")),
]


@pytest.mark.parametrize(("text", "code", "words"), FAULTS, ids=[row[0] for row in FAULTS])
def test_what_is_refused(text: str, code: str, words: str, inputs: Scope) -> None:
    with pytest.raises(FormulaError, match=words) as caught:
        evaluate(parse(text), inputs)
    assert caught.value.code == code


def test_a_branch_not_taken_may_divide_by_zero(inputs: Scope) -> None:
    assert to_numpy(evaluate(parse("where([0, 2] == 0, 7, (5 // [0, 2]) | 1)"), inputs)).tolist() == [7, 3]


@pytest.mark.parametrize("text", ["inv(Z)", "solve(Z, b)", "det(Z)", "1 / Z - b", "b - 2 * Z / b"])
def test_complex_matrices(text: str) -> None:
    rows = np.random.default_rng(1).normal(size=(2, 4, 3))
    whole = rows[0] + 1j * rows[1]
    matrix, vector = whole[:3], whole[3]
    right = {
        "inv(Z)": np.linalg.inv(matrix),
        "solve(Z, b)": np.linalg.solve(matrix, vector),
        "det(Z)": np.linalg.det(matrix),
        "1 / Z - b": 1 / matrix - vector,
        "b - 2 * Z / b": vector - 2 * matrix / vector,
    }[text]
    found = evaluate(parse(text), Scope(values={"Z": from_numpy(matrix), "b": from_numpy(vector)}))
    assert isinstance(found, Tensor)
    np.testing.assert_allclose(to_numpy(found), right, rtol=1e-13)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("(0).T", "torch.tensor(0).T"),
        ("(2).shape", "torch.tensor(2).shape"),
        ("a[None]", "torch.tensor(a, dtype=x.dtype)[None]"),
        ("x.shape[0]", "x.shape[0]"),
        ("cat([])", "torch.cat([])"),
    ],
)
def test_numbers_are_tensors_where_torch_needs_them(text: str, written: str, exercise: Exercise) -> None:
    assert written in solution(exercise, {"result": Formula(text)})
