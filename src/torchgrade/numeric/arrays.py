"""Tensors as numpy arrays and back: the one place that knows how elements lie in bytes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from torchgrade.errors import WireError
from torchgrade.model.value import Scalar, ScalarType, Tensor

Array: TypeAlias = npt.NDArray[Any]
"""A numpy array; its element type is known only when it is there."""
Kind: TypeAlias = Literal["bool", "int", "float", "complex"]

BFLOAT16 = "bfloat16"
_STORED: Mapping[str, np.dtype[Any]] = {
    "bool": np.dtype("?"),
    **{name: np.dtype(name).newbyteorder("<") for name in ("int8", "int16", "int32", "int64")},
    **{name: np.dtype(name).newbyteorder("<") for name in ("uint8", "uint16", "uint32", "uint64")},
    **{name: np.dtype(name).newbyteorder("<") for name in ("float16", "float32", "float64")},
    **{name: np.dtype(name).newbyteorder("<") for name in ("complex64", "complex128")},
    BFLOAT16: np.dtype("<u2"),
}
_KINDS: Mapping[str, Kind] = {"b": "bool", "i": "int", "u": "int", "O": "int", "f": "float", "c": "complex"}
_KIND_OF: Mapping[str, Kind] = {**{name: _KINDS[dtype.kind] for name, dtype in _STORED.items()}, BFLOAT16: "float"}


def stored(dtype: str) -> np.dtype[Any]:
    """The numpy dtype of the bytes of a torch dtype (bfloat16: its 16 bits)."""
    if dtype not in _STORED:
        raise WireError(f"a tensor of dtype {dtype}; allowed are {', '.join(_STORED)}")
    return _STORED[dtype]


def to_numpy(tensor: Tensor) -> Array:
    """The elements as a read-only array; bfloat16 becomes float32, every other dtype stays as it is."""
    if tensor.dtype == "bool":
        raw: Array = np.frombuffer(tensor.data, dtype=np.uint8) != 0
    else:
        raw = np.frombuffer(tensor.data, dtype=stored(tensor.dtype))
    if tensor.dtype == BFLOAT16:
        raw = (raw.astype(np.uint32) << np.uint32(16)).view(np.float32)
    return raw.reshape(tensor.shape)


def from_numpy(array: Array, dtype: str | None = None) -> Tensor:
    """A contiguous tensor with the elements of `array`, rounded to `dtype` (the array's own if absent)."""
    name = dtype or array.dtype.name
    with np.errstate(over="ignore"):
        elements = _upper_halves(array) if name == BFLOAT16 else np.asarray(array, dtype=stored(name))
    return Tensor(dtype=name, shape=tuple(array.shape), data=elements.tobytes(order="C"))


def _upper_halves(array: Array) -> Array:
    """bfloat16 by rounding to nearest, ties to even, in the bits of a float32; NaN stays NaN."""
    bits = np.ascontiguousarray(array, dtype=np.float32).view(np.uint32).astype(np.uint64)
    rounded = (bits + np.uint64(0x7FFF) + ((bits >> np.uint64(16)) & np.uint64(1))) >> np.uint64(16)
    return np.where(np.isnan(array), np.uint64(0x7FC0), rounded).astype("<u2").reshape(array.shape)


def kind_of(dtype: str) -> Kind:
    """What kind of number a torch dtype holds."""
    return _KIND_OF.get(dtype) or array_kind(stored(dtype))


def array_kind(dtype: np.dtype[Any]) -> Kind:
    """What kind of number a numpy dtype holds (objects are Python ints)."""
    return _KINDS[dtype.kind]


def is_float(dtype: str) -> bool:
    """True for the real floating dtypes."""
    return kind_of(dtype) == "float"


def is_dtype(word: str) -> bool:
    """True if `word` names a dtype that crosses."""
    return word in _STORED


def is_number(scalar: Scalar) -> bool:
    """True for a bool, int, float or complex."""
    return scalar.type in (ScalarType.BOOL, ScalarType.INT, ScalarType.FLOAT, ScalarType.COMPLEX)


def scalar_array(scalar: Scalar) -> Array:
    """A Python number as an array without axes; ints beyond 64 bits stay Python ints."""
    value = scalar.value
    if scalar.type is ScalarType.INT and isinstance(value, int) and not -(2**63) <= value < 2**63:
        return np.array(value, dtype=object)
    names = {ScalarType.BOOL: "?", ScalarType.INT: "<i8", ScalarType.FLOAT: "<f8", ScalarType.COMPLEX: "<c16"}
    return np.array(value, dtype=names[scalar.type])


def to_floats(array: Array) -> Array:
    """The elements as float64, or complex128 if they are complex; integers too great for that become infinite."""
    with np.errstate(invalid="ignore"):  # a NaN may have bits of which the processor complains
        return as_floats(array)


def as_floats(array: Array) -> Array:
    """The same within the caller's `errstate`, which takes longer than a small array does."""
    if array.dtype.kind == "O":
        return np.array([_rounded(number) for number in array.flat], dtype=np.float64).reshape(array.shape)
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _rounded(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def magnitude(array: Array) -> float:
    """The greatest finite absolute value; 0 if there is none."""
    sizes = np.abs(to_floats(array))
    return float(np.max(sizes[np.isfinite(sizes)], initial=0.0))
