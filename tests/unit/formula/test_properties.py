"""Properties: what allows for rounding, what is exact, and what is said where a property fails."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import Scope, holds
from torchgrade.formula.parse import parse
from torchgrade.model.value import Scalar, ScalarType, Tensor, Value

EPS = 2.0**-23


def tensor(value: object, **flags: object) -> Tensor:
    data = np.asarray(value)
    return Tensor(dtype=data.dtype.name, shape=data.shape, data=data.tobytes(), **flags)  # type: ignore[arg-type]


A = np.array([[4.0, 1.0], [2.0, 3.0]], dtype="<f4")
B = np.array([1.0, 2.0], dtype="<f4")
RIGHT = np.linalg.solve(A.astype("f8"), B.astype("f8")).astype("<f4")
Q, R = (part.astype("<f4") for part in np.linalg.qr(A.astype("f8")))
OBSERVED: dict[str, Value] = {
    "A": tensor(A, storage=0, identity=0, requires_grad=True, grad=tensor(2 * A)),
    "b": tensor(B + 1, storage=1, identity=1),
    "result": tensor(RIGHT, storage=2, identity=2, requires_grad=True, is_leaf=False),
    "view": tensor(A, storage=0, identity=3, is_contiguous=False),
    "empty": tensor(np.zeros(0, dtype="<f4")),
    "length": Scalar(type=ScalarType.INT, value=2),
}
SCOPE = Scope(
    values={
        "A": tensor(A),
        "b": tensor(B),
        "result": tensor(RIGHT),
        "wrong": tensor(RIGHT * np.float32(1.0001)),
        "spoiled": tensor(np.array([np.nan, 0.4], dtype="<f4")),
        "endless": tensor(np.array([np.inf, 0.4], dtype="<f4")),
        "column": tensor(RIGHT[:, None]),
        "Q": tensor(Q),
        "R": tensor(R),
        "order": tensor(np.array([1, 0])),
        "view": tensor(A),
        "empty": tensor(np.zeros(0, dtype="<f4")),
        "length": Scalar(type=ScalarType.INT, value=2),
        "text": Scalar(type=ScalarType.STR, value="two"),
        "turning": tensor(np.array([1j, 2], dtype="<c8")),
    },
    lets={"rest": parse("A @ result - b")},
    observed=OBSERVED,
)
PROPERTIES = [
    ("A @ result == b", True),
    ("b == A @ result", True),
    ("rest == zeros(2)", True),
    ("A @ wrong == b", False),
    ("A @ result != b", True),
    ("A @ result <= b", True),
    ("A @ wrong <= b", False),
    ("A @ result >= b", True),
    ("A @ wrong >= b", True),
    ("A @ result < b - 1e-9", False),
    ("all(A @ result == b)", True),
    ("sum(rest != 0) == 0", False),
    ("any(A @ wrong != b)", True),
    ("not any(A @ wrong != b)", False),
    ("A @ spoiled == b", False),
    ("spoiled == spoiled", False),
    ("endless == endless", True),
    ("endless == spoiled", False),
    ("result == column", False),
    ("result == 0", False),
    ("b - b == 0", True),
    ("result > 0", True),
    ("empty == empty", True),
    ("length == 2", True),
    ("length == 3", False),
    ("Q @ R == A", True),
    ("R @ Q == A", False),
    ("orthonormal(Q)", True),
    ("orthonormal(R)", False),
    ("upper_triangular(R)", True),
    ("upper_triangular(R + 1e-9 * tril(ones(2, 2)))", True),
    ("upper_triangular(R + 1e-3 * tril(ones(2, 2), -1))", False),
    ("lower_triangular(R)", False),
    ("symmetric(A @ A.T)", True),
    ("symmetric(A)", False),
    ("permutation(order)", True),
    ("sorted(order)", False),
    ("sorted(result) or sorted(flip(result, 0))", True),
    ("A @ result == b and orthonormal(Q)", True),
    ("A @ result == b and orthonormal(R)", False),
    ("A @ wrong == b or A @ result == b", True),
    ("A @ result == b if length == 2 else False", True),
    ("A.after == A", True),
    ("b.after == b", False),
    ("b.after == b + 1", True),
    ("A.grad == 2 * A", True),
    ("A.grad is None", False),
    ("A.grad is not None", True),
    ("b.grad is None", True),
    ("result.requires_grad and not result.is_leaf", True),
    ("view.is_contiguous", False),
    ("shares_memory(view, A)", True),
    ("shares_memory(result, A)", False),
    ("shares_memory(empty, empty)", False),
    ("same_object(A, A)", True),
    ("same_object(view, A)", False),
]


@pytest.mark.parametrize(("text", "expected"), PROPERTIES)
def test_properties(text: str, expected: bool) -> None:
    found = holds(parse(text), SCOPE, EPS)
    assert (found.holds, found.decided) == (expected, True)


@pytest.mark.parametrize(
    ("text", "size", "outcome"),
    [
        ("sum(r) == 1", 1e9, (True, False)),
        ("1 == sum(r)", 1e9, (True, False)),
        ("sum(r) >= 1", 1e9, (True, False)),
        ("sum(r) <= 1", 1e9, (True, True)),
        ("sum(r) == 1", 0.5, (False, True)),
        ("sum(r) == 0", 1e9, (True, True)),
        ("sum(r) == 0 * sum(r) + 1", 1e9, (True, True)),
    ],
)
def test_numbers_that_cancel_do_not_decide_about_a_given_side(
    text: str, size: float, outcome: tuple[bool, bool]
) -> None:
    scope = Scope(values={"r": tensor(np.array([size, -size], dtype="<f4"))})
    found = holds(parse(text), scope, EPS, computed={"r"})
    assert (found.holds, found.decided) == outcome


def test_what_differs_is_shown() -> None:
    found = holds(parse("A @ wrong == b"), SCOPE, EPS)
    assert found.left is not None and found.right is not None
    assert found.index == (1,)
    assert found.difference == pytest.approx(2e-4, rel=0.01)
    assert EPS * 64 < found.allowed < EPS * 64 * 10
    assert np.frombuffer(found.right.data).tolist() == [1.0, 2.0]


def test_an_exact_comparison_shows_both_sides() -> None:
    found = holds(parse("length == 3"), SCOPE, EPS)
    assert found.left is not None and found.right is not None and not found.problem
    assert np.frombuffer(found.left.data, dtype="<i8").tolist() == [2]


def test_a_tolerance_is_relative_to_the_scale_and_replaces_the_rule() -> None:
    assert holds(parse("A @ wrong == b"), SCOPE, EPS, tolerance=1e-3).holds
    assert not holds(parse("A @ result == b + 1e-7"), SCOPE, EPS, tolerance=1e-9).holds
    assert holds(parse("A @ wrong == b"), SCOPE, EPS, tolerance=1e-3).allowed == pytest.approx(2e-3, rel=0.01)


def test_half_precisions_are_allowed_fewer_eps() -> None:
    wide, narrow = (holds(parse("b == b"), SCOPE, eps).allowed / eps for eps in (2.0**-10, 2.0**-23))
    assert narrow == pytest.approx(16 * wide, rel=1e-6)


PROBLEMS = [
    ("result == column", "the left side has shape [2], the right side [2, 1]"),
    ("A @ ones(3) == b", "[2, 2] @ [3]: the inner sizes 2 and 3 differ"),
    ("b.grad == b", "b.grad is None"),
    ("length.requires_grad", "length is no tensor"),
    ("text == b", "text is a str, not a number or tensor"),
    ("inv(A - A) == A", "the matrix is singular"),
    ("reshape(b, [3]) == b", "2 elements of shape [2] do not fit into [3]"),
    ("sum(b, dim=1) == 0", "there is no axis 1: this has shape [2]"),
    ("b.T == b", ".T needs two axes, not shape [2]"),
    ("max(empty) == 0", "max of no elements"),
    ("turning >= 0", ">= is not for complex numbers"),
    ("turning <= b", "<= is not for complex numbers"),
]


@pytest.mark.parametrize(("text", "problem"), PROBLEMS)
def test_what_cannot_be_compared_does_not_hold_and_says_why(text: str, problem: str) -> None:
    found = holds(parse(text), SCOPE, EPS)
    assert (found.holds, found.problem) == (False, problem)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A @ result", "a property is a bool, not float"),
        ("missing == b", "missing has no value here"),
        ("missing.grad is None", "nothing was observed of missing"),
        ("column.after == column", "nothing was observed of column"),
    ],
)
def test_an_author_s_fault_is_raised(text: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        holds(parse(text), SCOPE, EPS)


def basis(number: float, dtype: str = "<f4") -> Scope:
    """A matrix whose last column is zero, and a basis of its null space with `number` where a zero should be."""
    matrix = np.array([[8.0, 0.0], [2.0, 0.0]], dtype="<f4")
    return Scope(values={"A": tensor(matrix), "N": tensor(np.array([[number], [1.0]], dtype=dtype))})


@pytest.mark.parametrize("dtype", ["<f4", "<c8"])
def test_results_may_have_rounding_where_a_zero_should_be(dtype: str) -> None:
    node = parse("A @ N == zeros(2, 1)")
    assert holds(node, basis(6e-8, dtype), EPS, computed=("N",)).holds
    assert not holds(node, basis(6e-8, dtype), EPS).holds, "what was given is exact"
    assert not holds(node, basis(1e-4, dtype), EPS, computed=("N",)).holds


def masked(*numbers: float) -> Scope:
    """A result that should be 2 x wherever it is not zero."""
    given = {"x": np.array([1.0, 3.0, 5.0]), "y": np.array(numbers)}
    return Scope(values={name: tensor(array.astype("<f4")) for name, array in given.items()})


def test_an_exact_comparison_inside_allows_for_nothing() -> None:
    """Moving a zero by a little would make `y == 0` false: that is a jump, not a slope of 1e30."""
    node = parse("y == where(y == 0, 0, 2 * x)")
    assert holds(node, masked(0, 6, 10), EPS, computed=("y",)).holds
    assert not holds(node, masked(0, 3, 10), EPS, computed=("y",)).holds


def test_beside_a_jump_of_the_inputs_nothing_is_decided() -> None:
    assert not holds(parse("y == x + floor(x)"), masked(2, 6, 11), EPS, computed=("y",)).decided
