"""Is this the right value? Attributes, then NaN and infinity, then numbers."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.model.exercise import Spec, Type
from torchgrade.model.finding import Comparison, Stage
from torchgrade.model.target import Target
from torchgrade.model.value import Expression, Opaque, Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.numeric.arrays import from_numpy, magnitude, to_numpy
from torchgrade.numeric.compare import compare, same


def tensor(numbers: object, dtype: str = "float32") -> Tensor:
    return from_numpy(np.array(numbers, dtype=None if numbers != [] else float), dtype)


def scalar(number: bool | int | float | complex | str | None) -> Scalar:
    return Scalar(type=ScalarType("none" if number is None else type(number).__name__), value=number)


def row(*items: Value, type: str = "tuple") -> Series:
    return Series(type=type, items=items)


def judged(observed: Value, truth: Value, spec: Spec | None = None, tolerance: float | None = None) -> Comparison:
    scale = magnitude(to_numpy(truth)) if isinstance(truth, Tensor) else 1.0
    return compare(observed, Target(value=truth, scale=scale), spec, "float32", tolerance)


INT, FLOAT, BOOL = Spec(type=Type.INT), Spec(type=Type.FLOAT), Spec(type=Type.BOOL)
SHAPE, STR, TENSOR = Spec(type=Type.SHAPE), Spec(type=Type.STR), Spec(type=Type.TENSOR)
SIX, BIG = tensor(6.0, "float64"), 2**53


@pytest.mark.parametrize(
    ("observed", "truth", "spec"),
    [
        (tensor([1.0, 2.0]), tensor([1.0, 2.0], "float64"), None),
        (tensor([1.0, 2.00001]), tensor([1.0, 2.0], "float64"), None),
        (tensor([1.0, 2.0], "float64"), tensor([1.0, 2.0], "float64"), None),
        (tensor([np.nan, np.inf, -np.inf]), tensor([np.nan, np.inf, -np.inf], "float64"), None),
        (tensor([1 + 2j], "complex64"), tensor([1 + 2j], "complex128"), None),
        (tensor([1, 2], "int32"), tensor([1, 2], "int64"), None),
        (tensor([1, 2], "uint8"), tensor([1, 2], "int64"), None),
        (tensor([1.0]), tensor([1], "int64"), Spec(dtype=("float",))),
        (tensor(6.0), SIX, None),
        (scalar(6.0), SIX, None),
        (scalar(6), SIX, None),
        (scalar(6.0), SIX, FLOAT),
        (scalar(6), SIX, FLOAT),
        (scalar(6), tensor(6, "int64"), INT),
        (scalar(6), scalar(6), INT),
        (scalar(6), scalar(6.0), INT),
        (scalar(6.0), scalar(6), FLOAT),
        (tensor(6, "int64"), scalar(6), None),
        (scalar(True), tensor(True, "bool"), None),
        (scalar(True), tensor(True, "bool"), BOOL),
        (scalar(10**30), scalar(10**30), INT),
        (row(scalar(2), scalar(3), type="Size"), tensor([2, 3], "int64"), SHAPE),
        (row(scalar(2), scalar(3)), row(scalar(2), scalar(3), type="list"), SHAPE),
        (row(), tensor([], "int64"), SHAPE),
        (row(scalar(1.0), tensor([2.0])), row(tensor(1.0), tensor([2.0]), type="list"), None),
        (Record(items=(("b", scalar(2)), ("a", scalar(1)))), Record(items=(("a", scalar(1)), ("b", scalar(2)))), None),
        (scalar("text"), scalar("text"), STR),
        (scalar(None), scalar(None), None),
        (Expression(text="2*x"), Expression(text="2*x"), None),
        (tensor([[]]), from_numpy(np.zeros((1, 0))), None),
        (tensor([1.0, 2.0], "bfloat16"), tensor([1.0, 2.0], "float64"), Spec(dtype=("float",))),
    ],
)
def test_equal(observed: Value, truth: Value, spec: Spec | None) -> None:
    assert judged(observed, truth, spec).stage is Stage.EQUAL


@pytest.mark.parametrize(
    ("observed", "truth", "spec", "stage", "found", "wanted"),
    [
        (scalar(None), tensor([1.0]), None, Stage.TYPE, "None", "a tensor"),
        (scalar(1.0), tensor([1.0]), None, Stage.TYPE, "a Python float", "a tensor"),
        (scalar(None), SIX, None, Stage.TYPE, "None", "a tensor or a number"),
        (scalar("6"), SIX, None, Stage.TYPE, "a text", "a tensor or a number"),
        (scalar(6.0), SIX, TENSOR, Stage.TYPE, "a Python float", "a tensor"),
        (tensor(6.0), SIX, FLOAT, Stage.TYPE, "a float32 tensor of shape []", "a Python float"),
        (scalar(6.0), scalar(6), INT, Stage.TYPE, "a Python float", "a Python int"),
        (scalar(True), scalar(1), INT, Stage.TYPE, "a Python bool", "a Python int"),
        (scalar(1), scalar(True), BOOL, Stage.TYPE, "a Python int", "a Python bool"),
        (scalar(True), scalar(1.0), FLOAT, Stage.TYPE, "a Python bool", "a Python float"),
        (tensor([2, 3], "int64"), tensor([2, 3], "int64"), SHAPE, Stage.TYPE, "an int64 tensor of shape [2]",
         "a shape"),
        (row(scalar(2.0)), tensor([2], "int64"), SHAPE, Stage.TYPE, "a tuple of 1", "a shape"),
        (row(scalar(True)), tensor([1], "int64"), SHAPE, Stage.TYPE, "a tuple of 1", "a shape"),
        (tensor([1.0]), scalar(None), None, Stage.TYPE, "a float32 tensor of shape [1]", "None"),
        (Opaque(type="Foo", reason="?"), tensor([1.0]), None, Stage.TYPE,
         "an object that is no tensor, number, text, tuple, list or dict", "a tensor"),
        (row(tensor([1.0])), row(tensor([1.0]), tensor([1.0])), None, Stage.STRUCTURE, "a tuple of 1", "a tuple of 2"),
        (Record(items=(("a", SIX),)), Record(items=(("b", SIX),)), None, Stage.STRUCTURE, "a dict of 1",
         "a dict with the keys b"),
        (tensor([1.0]), SIX, None, Stage.SHAPE, "[1]", "[]"),
        (tensor([[1.0, 1.0]]), tensor([1.0, 1.0]), None, Stage.SHAPE, "[1, 2]", "[2]"),
        (from_numpy(np.zeros((0, 3))), from_numpy(np.zeros((0, 4))), None, Stage.SHAPE, "[0, 3]", "[0, 4]"),
        (tensor([1], "int64"), tensor([1.0]), None, Stage.DTYPE, "int64", "float"),
        (tensor([True], "bool"), tensor([1], "int64"), None, Stage.DTYPE, "bool", "int"),
        (tensor([1], "int64"), tensor([True], "bool"), None, Stage.DTYPE, "int64", "bool"),
        (tensor([1.0]), tensor([1.0 + 0j], "complex128"), None, Stage.DTYPE, "float32", "complex"),
        (tensor([1.0], "float64"), tensor([1.0]), Spec(dtype=("float32",)), Stage.DTYPE, "float64", "float32"),
        (tensor([1.0]), tensor([1.0]), Spec(dtype=("float64", "int")), Stage.DTYPE, "float32", "float64 or int"),
        (scalar(6.0), tensor(6, "int64"), None, Stage.DTYPE, "a Python float", "int"),
        (scalar(True), tensor(1, "int64"), None, Stage.DTYPE, "a Python bool", "int"),
    ],
)  # fmt: skip
def test_attributes_that_differ(
    observed: Value, truth: Value, spec: Spec | None, stage: Stage, found: str, wanted: str
) -> None:
    comparison = judged(observed, truth, spec)
    assert (comparison.stage, comparison.observed, comparison.expected) == (stage, found, wanted)


@pytest.mark.parametrize(
    ("observed", "truth", "figures"),
    [
        (tensor([1.0, 2.001]), tensor([1.0, 2.0], "float64"), (Stage.NUMBERS, 1, 2, (1,), "2.001", "2")),
        (tensor([[1.0, 3.0], [4.0, 5.5]]), tensor([[1.0, 2.0], [3.0, 4.0]]), (Stage.NUMBERS, 3, 4, (1, 1), "5.5", "4")),
        (tensor([np.nan]), tensor([1.0]), (Stage.MASK, 1, 1, (0,), "nan", "1")),
        (tensor([1.0, 1.0]), tensor([1.0, np.nan]), (Stage.MASK, 1, 2, (1,), "1", "nan")),
        (tensor([-np.inf]), tensor([np.inf]), (Stage.MASK, 1, 1, (0,), "-inf", "inf")),
        (tensor([complex(np.inf, 0)], "complex64"), tensor([complex(-np.inf, 0)], "complex64"),
         (Stage.MASK, 1, 1, (0,), "inf+0j", "-inf+0j")),
        (tensor([BIG + 1], "int64"), tensor([BIG], "int64"), (Stage.NUMBERS, 1, 1, (0,), str(BIG + 1), str(BIG))),
        (tensor([2**64 - 1], "uint64"), tensor([-1], "int64"), (Stage.NUMBERS, 1, 1, (0,), str(2**64 - 1), "-1")),
        (scalar(10**30), scalar(10**30 + 1), (Stage.NUMBERS, 1, 1, (), str(10**30), str(10**30 + 1))),
        (tensor([False, True], "bool"), tensor([True, True], "bool"), (Stage.NUMBERS, 1, 2, (0,), "False", "True")),
        (tensor([1 + 1j], "complex64"), tensor([1 - 1j], "complex64"), (Stage.NUMBERS, 1, 1, (0,), "1+1j", "1-1j")),
        (scalar(10**400), SIX, (Stage.MASK, 1, 1, (), "inf", "6")),
        (scalar("a"), scalar("b"), (Stage.NUMBERS, 1, 1, (), "the text 'a'", "the text 'b'")),
        (tensor([1.0000001, 0.0], "float64"), tensor([1.0, 0.001]), (Stage.NUMBERS, 1, 2, (1,), "0", "0.001")),
    ],
)  # fmt: skip
def test_numbers_that_differ(observed: Value, truth: Value, figures: tuple[object, ...]) -> None:
    found = judged(observed, truth)
    assert (found.stage, found.mismatched, found.total, found.index, found.observed, found.expected) == figures


def test_figures_are_finite_even_at_the_ends_of_the_range() -> None:
    found = judged(tensor([1.7e308], "float64"), tensor([-1.7e308], "float64"))
    assert found.stage is Stage.NUMBERS
    assert np.isfinite([found.difference, found.relative]).all()
    whole = judged(tensor([2**63 - 1], "int64"), tensor([-(2**63)], "int64"))
    assert whole.difference == float(2**64 - 1)


def test_digits_tell_two_numbers_apart() -> None:
    found = compare(tensor([1.0 + 1e-9], "float64"), Target(value=tensor([1.0], "float64"), scale=1), None, "float64")
    assert (found.observed, found.expected) == ("1.000000001", "1")


def test_the_path_inside_a_tuple() -> None:
    found = judged(row(SIX, row(SIX, tensor(7.0))), row(SIX, row(SIX, SIX)))
    assert (found.stage, found.outcome, found.observed) == (Stage.NUMBERS, "[1][1]", "7")


def test_norm_wise_scale_is_one_for_all_elements() -> None:
    truth = tensor([1000.0, 0.0], "float64")
    assert judged(tensor([1000.0, 1e-3]), truth).stage is Stage.EQUAL
    assert judged(tensor([1000.0, 1e-3]), tensor([1.0, 0.0])).stage is Stage.NUMBERS


def test_tolerance_replaces_the_rule() -> None:
    assert judged(tensor([1.05]), tensor([1.0]), tolerance=0.06).stage is Stage.EQUAL
    assert judged(tensor([1.0 + 1e-6]), tensor([1.0]), tolerance=1e-9).stage is Stage.NUMBERS


def test_what_cannot_be_told_apart_is_undecided() -> None:
    target = Target(value=tensor([1.0]), scale=1.0, amplified=1e7)
    assert compare(tensor([0.0]), target, None, "float32").stage is Stage.UNDECIDED
    assert compare(tensor([np.nan]), target, None, "float32").stage is Stage.MASK
    assert compare(tensor([[1.0]]), target, None, "float32").stage is Stage.SHAPE
    assert compare(tensor([0.0]), target, None, "float64").stage is Stage.NUMBERS


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precisions_reject_an_answer_that_is_off_by_an_eighth(dtype: str) -> None:
    spec = Spec(dtype=(dtype,))
    assert judged(tensor([1.0, 0.5], dtype), tensor([1.0, 0.5]), spec).stage is Stage.EQUAL
    assert judged(tensor([1.125, 0.5], dtype), tensor([1.0, 0.5]), spec).stage is Stage.NUMBERS


@pytest.mark.parametrize(
    ("first", "second", "dtype", "expected"),
    [
        (tensor([1.0, 2.0]), tensor([1.0, 2.0001]), "float32", True),
        (tensor([1.0, 2.0]), tensor([1.0, 2.001]), "float32", False),
        (tensor([1.0, 2.0], "float64"), tensor([1.0, 2.0001], "float64"), "float64", False),
        (tensor([1.0, 2.0]), tensor([1, 2], "int64"), "float32", False),
        (tensor([1.0, 2.0]), tensor([[1.0, 2.0]]), "float32", False),
        (tensor([np.nan]), tensor([np.nan]), "float32", True),
        (scalar(1.0), tensor(1.0), "float32", False),
        (scalar(None), scalar(None), "float32", True),
        (tensor([1.0]), tensor([1.06]), "bfloat16", False),
        (row(SIX), row(SIX), "float32", True),
    ],
)
def test_same(first: Value, second: Value, dtype: str, expected: bool) -> None:
    assert same(first, second, dtype) is expected
