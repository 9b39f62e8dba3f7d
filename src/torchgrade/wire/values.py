"""Values as JSON and bytes: a tensor is a list, since nearly all values are tensors, and everything else a mapping.

A tensor's list is `[dtype, shape]`, or `[dtype, shape, flags, storage, identity, grad]` where those are not as they
are for numbers alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from torchgrade.errors import WireError
from torchgrade.model.value import Expression, Layout, Opaque, Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.wire.fields import clean, exactly, field, integers, mapping, texts
from torchgrade.wire.frames import Json

ITEMSIZE: Mapping[str, int] = {
    **dict.fromkeys(("bool", "uint8", "int8"), 1),
    **dict.fromkeys(("uint16", "int16", "float16", "bfloat16"), 2),
    **dict.fromkeys(("uint32", "int32", "float32"), 4),
    **dict.fromkeys(("uint64", "int64", "float64", "complex64"), 8),
    "complex128": 16,
}
"""The dtypes that cross, and the bytes of an element."""
MAX_AXES = 32
MAX_DEPTH = 32
MAX_ITEMS = 10_000
MAX_DATA = 64 * 2**20
MAX_TEXT = 100_000
MAX_WORDS = 200
_REQUIRES_GRAD, _IS_LEAF, _IS_CONTIGUOUS, _STRIDED = 1, 2, 4, 8
_ALL = _REQUIRES_GRAD | _IS_LEAF | _IS_CONTIGUOUS | _STRIDED
_PLAIN = _IS_LEAF | _IS_CONTIGUOUS
_NUMBERS, _WHOLE = 2, 6
"""The parts of a tensor's list."""
_SCALARS: Mapping[str, ScalarType] = {kind.value: kind for kind in ScalarType}
_ORDINAL = 2**31
_ADDRESSABLE = 2**63
_WIDEST = max(ITEMSIZE.values())
"""The bytes of what any element may become when the judge computes with it."""
_EXACT: Mapping[ScalarType, type] = {
    ScalarType.BOOL: bool,
    ScalarType.INT: int,
    ScalarType.FLOAT: float,
    ScalarType.STR: str,
    ScalarType.NONE: type(None),
    ScalarType.SYMBOL: str,
}


class Encoder:
    """Turns values into JSON; the bytes of their tensors gather in `blobs`."""

    def __init__(self) -> None:
        self.blobs: list[bytes] = []

    def value(self, value: Value) -> Json:
        """Any value."""
        match value:
            case Tensor():
                return self._tensor(value)
            case Scalar():
                return {"is": value.type.value, "value": _plain(value)}
            case Series():
                items: list[Json] = [self.value(item) for item in value.items]
                return {"is": "series", "type": value.type, "names": list(value.names), "items": items}
            case Record():
                return {"is": "record", "items": [[name, self.value(item)] for name, item in value.items]}
            case Expression():
                return {"is": "expression", "text": value.text}
            case Opaque():
                return {"is": "opaque", "type": value.type, "reason": value.reason}

    def tensor(self, tensor: Tensor | None) -> Json:
        """A tensor where nothing else can stand, or None."""
        return None if tensor is None else self._tensor(tensor)

    def _tensor(self, tensor: Tensor) -> list[Json]:
        self.blobs.append(tensor.data)
        flags, storage, identity, grad = _flags(tensor), tensor.storage, tensor.identity, tensor.grad
        if flags == _PLAIN and storage == identity == -1 and grad is None:
            return [tensor.dtype, [*tensor.shape]]
        return [tensor.dtype, [*tensor.shape], flags, storage, identity, self.tensor(grad)]


def _flags(tensor: Tensor) -> int:
    return (
        _REQUIRES_GRAD * tensor.requires_grad
        + _IS_LEAF * tensor.is_leaf
        + _IS_CONTIGUOUS * tensor.is_contiguous
        + _STRIDED * (tensor.layout is Layout.STRIDED)
    )


def _plain(scalar: Scalar) -> bool | int | float | str | list[Json] | None:
    if isinstance(scalar.value, complex):
        return [scalar.value.real, scalar.value.imag]
    return scalar.value


class Decoder:
    """Turns JSON back into values, taking the bytes of tensors from `body`; believes nothing it has not checked."""

    def __init__(self, body: bytes | memoryview, items: int) -> None:
        self._body = body
        self._position = 0
        self._items = items

    def finish(self) -> None:
        """Refuse bytes that belong to no tensor."""
        if self._position != len(self._body):
            raise WireError(f"{len(self._body) - self._position} bytes that belong to no tensor")

    def value(self, data: object, depth: int = 0) -> Value:
        """Any value."""
        self._items -= 1
        if self._items < 0 or depth > MAX_DEPTH:
            raise WireError("values that are too many or nested too deep")
        if type(data) is list:
            return self._tensor(data)
        data = mapping(data)
        match field(data, "is"):
            case "series":
                items = tuple(self.value(item, depth + 1) for item in exactly(list, field(data, "items")))
                return _series(data, items)
            case "record":
                return Record(items=tuple(self._entry(entry, depth) for entry in exactly(list, field(data, "items"))))
            case "expression":
                return Expression(text=clean(exactly(str, field(data, "text")), MAX_TEXT))
            case "opaque":
                return Opaque(type=_words(data, "type"), reason=_words(data, "reason"))
            case other:
                return _scalar(other, field(data, "value"))

    def tensor(self, data: object, *, depth: int = 0) -> Tensor | None:
        """A tensor where nothing else can stand, or None."""
        return None if data is None else self._tensor(exactly(list, data), depth)

    def _entry(self, data: object, depth: int) -> tuple[str, Value]:
        pair = exactly(list, data)
        if len(pair) != 2:
            raise WireError(f"an entry of a record with {len(pair)} parts")
        return clean(exactly(str, pair[0]), MAX_TEXT), self.value(pair[1], depth + 1)

    def _tensor(self, data: list[object], depth: int = 0) -> Tensor:
        if len(data) == _NUMBERS:
            dtype, shape, elements = self._numbers(*data)
            return Tensor(dtype=dtype, shape=shape, data=elements)
        if len(data) != _WHOLE:
            raise WireError(f"a tensor of {len(data)} parts")
        dtype, shape, elements = self._numbers(*data[:_NUMBERS])
        flags, storage, identity, grad = data[_NUMBERS:]
        if type(flags) is not int or not 0 <= flags <= _ALL:
            raise WireError("flags that no tensor has")
        return Tensor(
            dtype=dtype,
            shape=shape,
            data=elements,
            layout=Layout.STRIDED if flags & _STRIDED else Layout.CONTIGUOUS,
            requires_grad=bool(flags & _REQUIRES_GRAD),
            is_leaf=bool(flags & _IS_LEAF),
            is_contiguous=bool(flags & _IS_CONTIGUOUS),
            storage=_ordinal(storage, "storage"),
            identity=_ordinal(identity, "identity"),
            grad=self._grad(grad, depth),
        )

    def _numbers(self, dtype: object, shape: object) -> tuple[str, tuple[int, ...], bytes]:
        name, sizes = exactly(str, dtype), integers(shape)
        return name, sizes, self._take(data_size(name, sizes))

    def _grad(self, data: object, depth: int) -> Tensor | None:
        if data is not None and depth:
            raise WireError("a gradient of a gradient")
        return self.tensor(data, depth=1)

    def _take(self, size: int) -> bytes:
        start, end = self._position, self._position + size
        if end > len(self._body):
            raise WireError(f"a tensor of {size} bytes where {len(self._body) - start} are left")
        self._position = end
        return bytes(self._body[start:end])


def data_size(dtype: str, shape: tuple[int, ...]) -> int:
    """The bytes of a tensor, in Python ints, which cannot overflow. Raises WireError if there can be none."""
    if dtype not in ITEMSIZE:
        raise WireError(f"the dtype {clean(dtype, 40)!r} does not cross")
    if len(shape) > MAX_AXES or min(shape, default=0) < 0:
        raise WireError("a shape that no tensor has")
    count = math.prod(shape)
    addressed = count or math.prod(each or 1 for each in shape)  # numpy refuses what is too large, empty or not
    if addressed * _WIDEST >= _ADDRESSABLE:
        raise WireError("a shape that no tensor has")
    return count * ITEMSIZE[dtype]


def _ordinal(data: object, name: str) -> int:
    number = exactly(int, data)
    if not -1 <= number < _ORDINAL:
        raise WireError(f"{name} is no ordinal: {number}")
    return number


def _series(data: dict[str, object], items: tuple[Value, ...]) -> Series:
    names = texts(field(data, "names"))
    if names and len(names) != len(items):
        raise WireError(f"{len(names)} names for {len(items)} items")
    return Series(type=_words(data, "type"), items=items, names=names)


def _words(data: dict[str, object], name: str) -> str:
    return clean(exactly(str, field(data, name)), MAX_WORDS)


def _scalar(kind: object, data: object) -> Scalar:
    name = _SCALARS.get(kind) if isinstance(kind, str) else None
    if name is None:
        raise WireError("a value of a kind that does not cross")
    if name is ScalarType.COMPLEX:
        return Scalar(type=name, value=_complex(exactly(list, data)))
    if type(data) is not _EXACT[name]:
        raise WireError(f"{type(data).__name__} where {name} is expected")
    return Scalar(type=name, value=_bounded(data))


def _bounded(data: object) -> bool | int | float | str | None:
    if isinstance(data, str):
        return clean(data, MAX_TEXT)
    return data if isinstance(data, (int, float)) else None


def _complex(parts: list[object]) -> complex:
    if len(parts) != 2:
        raise WireError(f"a complex number of {len(parts)} parts")
    return complex(exactly(float, parts[0]), exactly(float, parts[1]))
