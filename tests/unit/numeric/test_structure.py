"""What was returned, in words and by name."""

from __future__ import annotations

import pytest

from torchgrade.model.value import Expression, Opaque, Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.numeric.structure import describe, sort_of, unpack

NONE = Scalar(type=ScalarType.NONE, value=None)
MATRIX = Tensor(dtype="float32", shape=(2, 2), data=bytes(16))
ONE = Scalar(type=ScalarType.INT, value=1)
TWO = Scalar(type=ScalarType.FLOAT, value=2.5)


@pytest.mark.parametrize(
    ("value", "full", "bare"),
    [
        (MATRIX, "a float32 tensor of shape [2, 2]", "a float32 tensor of shape [2, 2]"),
        (TWO, "the number 2.5", "a Python float"),
        (ONE, "the number 1", "a Python int"),
        (Scalar(type=ScalarType.INT, value=10**5000), "the number 2**16609 or more", "a Python int"),
        (Scalar(type=ScalarType.BOOL, value=True), "True", "a Python bool"),
        (NONE, "None", "None"),
        (Scalar(type=ScalarType.STR, value="it's"), 'the text "it\'s"', "a text"),
        (Scalar(type=ScalarType.SYMBOL, value="x"), "the symbol x", "a sympy symbol"),
        (Series(type="tuple", items=(ONE, TWO)), "a tuple of 2", "a tuple of 2"),
        (Series(type="linalg_qr", items=(ONE,), names=("Q",)), "a named tuple with the fields Q", "a named tuple of 1"),
        (Series(type="Rows", items=(ONE, TWO)), "a list-like object of 2", "a list-like object of 2"),
        (Record(items=(("secret", ONE),)), "a dict with the keys secret", "a dict of 1"),
        (Expression(text="2*x"), "the expression 2*x", "a sympy expression"),
        (
            Opaque(type="Tensor", reason="sparse"),
            "a Tensor (sparse)",
            "a tensor that cannot be read (sparse, quantised or of an unusual dtype)",
        ),
        (Opaque(type="bool", reason="not a torch tensor"), "a bool (not a torch tensor)", "a numpy bool"),
        (Opaque(type="Foo", reason="unknown"), "a Foo (unknown)",
         "an object that is no tensor, number, text, tuple, list or dict"),
    ],
)  # fmt: skip
def test_descriptions(value: Value, full: str, bare: str) -> None:
    assert describe(value) == full
    assert sort_of(value) == bare


def test_long_texts_are_cut() -> None:
    assert len(describe(Scalar(type=ScalarType.STR, value="x" * 10_000))) < 80


@pytest.mark.parametrize(
    "returned",
    [
        Series(type="tuple", items=(ONE, TWO)),
        Series(type="list", items=(ONE, TWO)),
        Series(type="P", items=(ONE, TWO), names=("first", "second")),
        Series(type="P", items=(TWO, ONE), names=("b", "A")),
        Record(items=(("b", TWO), ("A", ONE), ("more", ONE))),
    ],
)
def test_two_values_by_place_or_name(returned: Value) -> None:
    assert unpack(returned, ("A", "b")) == {"A": ONE, "b": TWO}


def test_one_value_is_itself_and_none_is_nothing() -> None:
    pair = Series(type="tuple", items=(ONE, TWO))
    assert unpack(pair, ("result",)) == {"result": pair}
    assert unpack(pair, ()) == {}


@pytest.mark.parametrize(
    ("returned", "names", "sentence"),
    [
        (
            MATRIX,
            ("A", "b"),
            "two values, A and b (a tuple, list or dict); it returned one float32 tensor of shape [2, 2].",
        ),
        (NONE, ("A", "b"), "two values, A and b (a tuple, list or dict); it returned None."),
        (Series(type="tuple", items=(ONE,)), ("x", "y", "z"), "three values, x, y and z; it returned one."),
        (Record(items=(("A", ONE),)), ("A", "b"), "two values, A and b; the dict it returned has no key `b`."),
    ],
)
def test_what_cannot_be_unpacked(returned: Value, names: tuple[str, ...], sentence: str) -> None:
    assert unpack(returned, names, "f") == f"`f` must return {sentence}"
    assert unpack(returned, names) == f"The function must return {sentence}"
