"""Literals of an exercise file as values."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.errors import FormulaError
from torchgrade.inputs.literal import as_tensor, literal, names_of
from torchgrade.model.exercise import Literal, Spec, Type
from torchgrade.model.value import Expression, Layout, Record, Scalar, ScalarType, Series, Tensor
from torchgrade.numeric.arrays import to_numpy

TENSOR = Spec(type=Type.TENSOR)
NONE = Scalar(type=ScalarType.NONE, value=None)


def spec(*dtype: str) -> Spec:
    return Spec(type=Type.TENSOR, dtype=dtype)


@pytest.mark.parametrize(
    ("value", "declared", "dtype", "numbers"),
    [
        (((1, 2), (3, 4)), TENSOR, "float32", [[1, 2], [3, 4]]),
        (2, TENSOR, "float32", 2),
        (0.1, TENSOR, "float32", float(np.float32(0.1))),
        ((True, False), TENSOR, "bool", [True, False]),
        ((), TENSOR, "float32", []),
        (((), ()), TENSOR, "float32", [[], []]),
        ((1, "inf"), TENSOR, "float32", [1, np.inf]),
        (("1/4", 0.5), None, "float32", [0.25, 0.5]),
        ("reshape(arange(4), 2, n)", TENSOR, "float32", [[0, 1], [2, 3]]),
        ("zeros(0, 3)", TENSOR, "float32", np.zeros((0, 3)).tolist()),
        (("arange(2)", (5, 6)), TENSOR, "float32", [[0, 1], [5, 6]]),
        ((1, 2), spec("int64"), "int64", [1, 2]),
        ((2**53 + 1, 1), spec("int64"), "int64", [2**53 + 1, 1]),
        ((1, 2), spec("int"), "int64", [1, 2]),
        ((1, 2), spec("float"), "float32", [1, 2]),
        ((1, 2), spec("float64", "int64"), "float64", [1, 2]),
        ((0, 1), spec("bool"), "bool", [False, True]),
        ("1 + 2j", TENSOR, "complex64", 1 + 2j),
        ((1, 2), spec("complex"), "complex64", [1, 2]),
    ],
)
def test_tensors(value: Literal, declared: Spec | None, dtype: str, numbers: object) -> None:
    tensor = literal(value, declared, "float32", {"n": 2})
    assert isinstance(tensor, Tensor)
    assert (tensor.dtype, to_numpy(tensor).tolist()) == (dtype, numbers)


def test_the_case_dtype_is_used() -> None:
    assert literal((1,), TENSOR, "float64", {}) == literal((1,), spec("float64"), "float32", {})
    assert getattr(literal("2j", None, "float64", {}), "dtype", "") == "complex128"


@pytest.mark.parametrize(
    ("value", "type", "expected"),
    [
        (2, Type.INT, Scalar(type=ScalarType.INT, value=2)),
        ("n - 1", Type.INT, Scalar(type=ScalarType.INT, value=1)),
        (2, Type.FLOAT, Scalar(type=ScalarType.FLOAT, value=2.0)),
        (0.1, Type.FLOAT, Scalar(type=ScalarType.FLOAT, value=0.1)),
        ("1/2", Type.FLOAT, Scalar(type=ScalarType.FLOAT, value=0.5)),
        (True, Type.BOOL, Scalar(type=ScalarType.BOOL, value=True)),
        ("mean", Type.STR, Scalar(type=ScalarType.STR, value="mean")),
        ("None", Type.STR, Scalar(type=ScalarType.STR, value="None")),
        ("x", Type.SYMBOL, Scalar(type=ScalarType.SYMBOL, value="x")),
        ("9*x**2", Type.EXPRESSION, Expression(text="9*x**2")),
        (None, Type.TENSOR, NONE),
        ("None", None, NONE),
        (
            (2, "n"),
            Type.SHAPE,
            Series(
                type="tuple", items=(Scalar(type=ScalarType.INT, value=2), Scalar(type=ScalarType.INT, value=2))
            ),
        ),
        ((), Type.SHAPE, Series(type="tuple", items=())),
    ],
)  # fmt: skip
def test_plain_values(value: Literal, type: Type | None, expected: object) -> None:
    assert literal(value, Spec(type=type), "float32", {"n": 2}) == expected


def test_mappings_are_records() -> None:
    record = literal({"a": 1, "b": None}, None, "float32", {})
    assert isinstance(record, Record)
    assert [name for name, _ in record.items] == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "declared", "sentence"),
    [
        (((1, 2), (3,)), TENSOR, "this list holds parts of shape [2] and [1]; all must be alike"),
        (1.5, Spec(type=Type.INT), "1.5 is no int"),
        (True, Spec(type=Type.INT), "True is no int"),
        (1, Spec(type=Type.BOOL), "1 is no bool"),
        ((1,), Spec(type=Type.FLOAT), "a list is no float"),
        (2, Spec(type=Type.SHAPE), "2 is no shape: a list of sizes is"),
        ((0.5,), Spec(type=Type.SHAPE), "a list is no shape"),
        (2, Spec(type=Type.STR), "2 is no str"),
        ((1.5,), spec("int64"), "some of the numbers are no int64"),
        ((256,), spec("uint8"), "some of the numbers are no uint8"),
        ((1, None), TENSOR, "None stands where a number should"),
        ("m", TENSOR, "m"),
    ],
)
def test_what_is_no_literal(value: Literal, declared: Spec, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        literal(value, declared, "float32", {"n": 2})
    assert sentence in caught.value.message


def test_layout_and_leaf_state_come_from_the_spec() -> None:
    declared = Spec(requires_grad=True, layout=Layout.STRIDED)
    tensor = as_tensor(np.array([1.0]), declared, "float32")
    assert (tensor.requires_grad, tensor.layout) == (True, Layout.STRIDED)
    assert not as_tensor(np.array([1]), Spec(requires_grad=True, dtype=("int64",)), "float32").requires_grad


def test_names_in_nested_text() -> None:
    assert names_of(("n", (1, "m + 1"), {"a": "k"})) == {"n", "m", "k"}
