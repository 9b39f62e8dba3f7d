"""Bytes to numpy and back."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.errors import WireError
from torchgrade.model.value import Scalar, ScalarType, Tensor
from torchgrade.numeric.arrays import from_numpy, is_float, kind_of, magnitude, scalar_array, to_floats, to_numpy


@pytest.mark.parametrize(
    ("dtype", "numbers"),
    [
        ("float64", [0.1, -0.0, np.inf]),
        ("float32", [0.1, 1e38, np.nan]),
        ("float16", [0.5, 65504.0]),
        ("bfloat16", [1.0, -3.140625, np.nan, np.inf]),
        ("int64", [2**63 - 1, -(2**63), 2**53 + 1]),
        ("uint8", [0, 255]),
        ("uint64", [2**64 - 1]),
        ("bool", [True, False]),
        ("complex64", [1 + 2j, -1j]),
        ("complex128", [0.1 - 0.2j]),
    ],
)
def test_round_trip(dtype: str, numbers: list[complex]) -> None:
    tensor = from_numpy(np.array(numbers), dtype)
    assert tensor.dtype == dtype
    again = from_numpy(to_numpy(tensor), dtype)
    assert again == tensor
    wide = np.array(numbers).astype(to_numpy(tensor).dtype)
    np.testing.assert_array_equal(to_numpy(tensor), wide)


def test_bytes_are_little_endian_in_c_order() -> None:
    tensor = from_numpy(np.asfortranarray(np.array([[1, 2], [3, 4]], dtype=">i2")), "int16")
    assert tensor.data == b"\x01\x00\x02\x00\x03\x00\x04\x00"
    assert tensor.shape == (2, 2)


def test_any_byte_but_zero_is_true() -> None:
    assert to_numpy(Tensor(dtype="bool", shape=(3,), data=b"\x00\x01\x80")).tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("number", "bits"), [(1.0, 0x3F80), (1.00390625, 0x3F80), (1.01171875, 0x3F82), (-2.0, 0xC000)]
)
def test_bfloat16_rounds_to_even(number: float, bits: int) -> None:
    assert from_numpy(np.array([number]), "bfloat16").data == bits.to_bytes(2, "little")


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 0, 4)])
def test_shapes_without_axes_or_elements(shape: tuple[int, ...]) -> None:
    assert to_numpy(from_numpy(np.zeros(shape), "float32")).shape == shape


def test_unknown_dtype_is_refused() -> None:
    with pytest.raises(WireError, match="float8_e5m2"):
        to_numpy(Tensor(dtype="float8_e5m2", shape=(1,), data=b"\x00"))


@pytest.mark.parametrize(
    ("dtype", "kind"),
    [("bool", "bool"), ("uint8", "int"), ("int64", "int"), ("bfloat16", "float"), ("float16", "float"),
     ("complex64", "complex")],
)  # fmt: skip
def test_kinds(dtype: str, kind: str) -> None:
    assert kind_of(dtype) == kind
    assert is_float(dtype) == (kind == "float")


@pytest.mark.parametrize(
    ("type", "number", "dtype"),
    [(ScalarType.BOOL, True, "?"), (ScalarType.INT, 2**53 + 1, "<i8"), (ScalarType.INT, 2**70, "O"),
     (ScalarType.FLOAT, 0.5, "<f8"), (ScalarType.COMPLEX, 1j, "<c16")],
)  # fmt: skip
def test_python_numbers(type: ScalarType, number: complex, dtype: str) -> None:
    array = scalar_array(Scalar(type=type, value=number))
    assert array.shape == ()
    assert array.dtype == np.dtype(dtype)
    assert array.item() == number


def test_integers_beyond_floats_become_infinite() -> None:
    array = scalar_array(Scalar(type=ScalarType.INT, value=-(10**400)))
    assert to_floats(array) == -np.inf


@pytest.mark.parametrize(
    ("numbers", "size"), [([], 0.0), ([1, -3], 3.0), ([np.nan, 2.0, np.inf], 2.0), ([3 + 4j], 5.0)]
)
def test_magnitude_is_of_the_finite_numbers(numbers: list[complex], size: float) -> None:
    assert magnitude(np.array(numbers)) == size
