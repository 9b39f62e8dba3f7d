"""Values as they cross the border between the judge and the sandbox: bytes and plain data, never objects.

The same classes hold inputs, what a worker claims to have observed, and what is expected. `numeric.arrays`
turns a Tensor into numpy and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, Union


class Layout(StrEnum):
    """How a tensor lies in memory when it is handed to a submission."""

    CONTIGUOUS = "contiguous"
    STRIDED = "strided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A dense tensor: little-endian bytes in C order, and what autograd and memory say about it.

    `dtype` is torch's name without `torch.` (`float32`, `bfloat16`, `int64`, `bool`, `complex64`). bfloat16 is
    two bytes an element: the upper half of a float32. `storage` and `identity` are ordinals within one
    Snapshot: equal `storage` means the same memory (-1: no memory, as for empty tensors), equal
    `identity` the same Python object. `grad` is `.grad` of a leaf, or None.
    """

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    layout: Layout = Layout.CONTIGUOUS
    requires_grad: bool = False
    is_leaf: bool = True
    is_contiguous: bool = True
    storage: int = -1
    identity: int = -1
    grad: Tensor | None = None


class ScalarType(StrEnum):
    """The Python types that cross as themselves; `symbol` is a sympy Symbol named by its value."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    COMPLEX = "complex"
    STR = "str"
    NONE = "none"
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A Python number, bool, string or None; `value` has exactly the Python type that `type` names."""

    type: ScalarType
    value: bool | int | float | complex | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A tuple, list, torch.Size or named tuple; `type` is the Python class's name, `names` a named tuple's fields."""

    type: str
    items: tuple[Value, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A dict with string keys."""

    items: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A sympy expression as text of the formula language (printed by the worker, parsed by the judge)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """A value that does not cross: `type` names its class, `reason` says why in a few words."""

    type: str
    reason: str


Value: TypeAlias = Union[Tensor, Scalar, Series, Record, Expression, Opaque]
