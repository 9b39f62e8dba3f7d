"""What a submission returned or left behind, read into Values without trusting a method of it."""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Callable, Iterator

import torch

from torchgrade.model.value import Opaque, Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.wire.fields import clean
from torchgrade.wire.values import MAX_DEPTH, MAX_TEXT, MAX_WORDS
from torchgrade.worker import expressions
from torchgrade.worker.budget import Budget
from torchgrade.worker.inputs import DTYPES

_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_MOST_BITS = 14_280  # 4,298 digits; Python refuses to write or read ints of more than 4,300
_PLAIN_DISPATCH = torch.Tensor.__torch_dispatch__
_UNREADABLE = "Tensor"
_name_of: Callable[[type], str] = vars(type)["__name__"].__get__
# The attributes themselves, whatever a subclass puts in their place.
_is_leaf: Callable[[torch.Tensor], bool] = vars(torch._C.TensorBase)["is_leaf"].__get__
_requires_grad: Callable[[torch.Tensor], bool] = vars(torch._C.TensorBase)["requires_grad"].__get__
_grad: Callable[[torch.Tensor], torch.Tensor | None] = vars(torch._C.TensorBase)["grad"].__get__
_detached = torch.Tensor.detach
_is_wrapped = torch._C._functorch.is_functorch_wrapped_tensor


class Quietly:
    """Tensor code of ours: no overridden functions, no warnings, gradients on.

    By hand, because the context managers of `warnings` and torch together take as long as reading two tensors.
    """

    def __enter__(self) -> None:
        self._filters, warnings.filters = warnings.filters, [("ignore", None, Warning, None, 0)]
        self._gradients = torch.is_grad_enabled()
        torch._C._set_grad_enabled(True)
        self._plain = torch._C.DisableTorchFunctionSubclass()
        self._plain.__enter__()

    def __exit__(self, *exception: object) -> None:
        self._plain.__exit__(None, None, None)
        torch._C._set_grad_enabled(self._gradients)
        warnings.filters = self._filters


class Reader:
    """Reads the objects of one moment; memory and identity are numbered in the order they are met."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._storages: list[tuple[int, int]] = []
        self._identities: dict[int, int] = {}
        self._met: list[object] = []  # kept alive, so that no two of them share an address

    def read(self, thing: object, depth: int = 0) -> Value:
        """Any object; what cannot be read is Opaque."""
        try:
            return self._read(thing, depth)
        except MemoryError:
            raise
        except Exception as error:
            return _opaque(thing, f"it cannot be read: {type(error).__name__}")

    def tensor(self, tensor: torch.Tensor) -> Tensor | Opaque:
        """A tensor of any subclass, as the plain tensor below it."""
        plain = self._plain(tensor)
        if isinstance(plain, Opaque):
            return plain
        is_leaf = _is_leaf(tensor)
        return Tensor(
            dtype=_NAMES[plain.dtype],
            shape=tuple(plain.shape),
            data=_data(plain),
            requires_grad=_requires_grad(tensor),
            is_leaf=is_leaf,
            is_contiguous=plain.is_contiguous(),
            storage=self._storage(plain),
            identity=self._identity(tensor),
            grad=self._grad(tensor) if is_leaf else None,
        )

    def numbers(self, tensor: torch.Tensor) -> Tensor | Opaque:
        """Of a tensor that the submission does not hold, a derivative say, its dtype, shape and elements alone."""
        plain = self._plain(tensor)
        if isinstance(plain, Opaque):
            return plain
        return Tensor(dtype=_NAMES[plain.dtype], shape=tuple(plain.shape), data=_data(plain))

    def _plain(self, tensor: torch.Tensor) -> torch.Tensor | Opaque:
        """Without its graph, if it can be read."""
        if type(tensor).__torch_dispatch__ is not _PLAIN_DISPATCH or _is_wrapped(tensor):
            return Opaque(type=_UNREADABLE, reason="it is no plain tensor")
        plain = _detached(tensor)
        refusal = self._refusal(plain)
        return Opaque(type=_UNREADABLE, reason=refusal) if refusal else plain

    def _read(self, thing: object, depth: int) -> Value:
        kind = type(thing)
        if issubclass(kind, torch.Tensor):
            return self.tensor(thing)  # type: ignore[arg-type]
        if issubclass(kind, (tuple, list, dict)):
            return self._container(thing, depth)
        if expressions.is_expression(thing):
            return expressions.expression(thing)
        return self._scalar(thing)

    def _container(self, thing: object, depth: int) -> Value:
        kind = type(thing)
        plain = dict if issubclass(kind, dict) else list if issubclass(kind, list) else tuple
        if depth >= MAX_DEPTH:
            return _opaque(thing, f"nested deeper than {MAX_DEPTH}")
        if not self._budget.allows_items(plain.__len__(thing)):  # type: ignore[arg-type]
            return _opaque(thing, Budget.TOO_MANY)
        if plain is dict:
            return self._record(thing, depth)  # type: ignore[arg-type]
        items: Iterator[object] = plain.__iter__(thing)  # type: ignore[arg-type]
        read = tuple(self.read(item, depth + 1) for item in items)
        return Series(type=class_name(thing), items=read, names=field_names(thing))

    def _record(self, thing: dict[object, object], depth: int) -> Value:
        entries = list(dict.items(thing))
        if not all(type(key) is str for key, _ in entries):
            return _opaque(thing, "its keys are not all text")
        return Record(items=tuple((clean(str(key), MAX_WORDS), self.read(item, depth + 1)) for key, item in entries))

    def _scalar(self, thing: object) -> Value:
        kind = type(thing)
        if thing is None:
            return Scalar(type=ScalarType.NONE, value=None)
        if kind is bool:
            return Scalar(type=ScalarType.BOOL, value=bool(thing))
        if issubclass(kind, int):
            number = int.__index__(thing)  # type: ignore[arg-type]
            if number.bit_length() > _MOST_BITS:
                return _opaque(thing, "more than 4,300 digits")
            return Scalar(type=ScalarType.INT, value=number)
        if issubclass(kind, float):
            return Scalar(type=ScalarType.FLOAT, value=float.__float__(thing))  # type: ignore[arg-type]
        if issubclass(kind, complex):
            return Scalar(type=ScalarType.COMPLEX, value=complex.__complex__(thing))  # type: ignore[arg-type]
        if issubclass(kind, str):
            return self._text(str.__str__(thing))  # type: ignore[arg-type]
        return _opaque(
            thing, "not a torch tensor" if kind.__module__ == "numpy" else "not a value that can be compared"
        )

    def _text(self, text: str) -> Value:
        if len(text) > MAX_TEXT or not self._budget.allows_data(len(text)):
            return _opaque(text, f"more than {MAX_TEXT:,} characters")
        return Scalar(type=ScalarType.STR, value=clean(text))

    def _refusal(self, plain: torch.Tensor) -> str:
        """Why a tensor cannot be read; empty if it can."""
        if plain.is_nested or plain.layout is not torch.strided:
            return "it is not dense"
        if plain.is_quantized or plain.dtype not in _NAMES:
            return f"its dtype is {str(plain.dtype).removeprefix('torch.')}"
        if not plain.is_cpu:
            return f"it is on the device {plain.device.type}"
        return "" if self._budget.allows_data(plain.nbytes) else Budget.TOO_LARGE

    def _storage(self, plain: torch.Tensor) -> int:
        """The ordinal of the first memory that overlaps this one: numpy's views of a tensor begin in its middle."""
        storage = plain.untyped_storage()
        start, size = storage.data_ptr(), storage.nbytes()
        if not (plain.numel() and start and size):
            return -1
        for ordinal, (begin, end) in enumerate(self._storages):
            if start < end and begin < start + size:
                self._storages[ordinal] = min(begin, start), max(end, start + size)
                return ordinal
        self._storages.append((start, start + size))
        return len(self._storages) - 1

    def _identity(self, thing: object) -> int:
        self._met.append(thing)
        return self._identities.setdefault(id(thing), len(self._identities))

    def _grad(self, leaf: torch.Tensor) -> Tensor | None:
        grad = _grad(leaf)
        if grad is None:
            return None
        read = self.tensor(torch.Tensor.to_dense(grad) if grad.layout is not torch.strided else grad)
        return _without_grad(read) if isinstance(read, Tensor) else None


def _without_grad(tensor: Tensor) -> Tensor:
    """A gradient's own gradient is of no interest, and has no place in a Tensor."""
    return tensor if tensor.grad is None else Tensor(dtype=tensor.dtype, shape=tensor.shape, data=tensor.data)


def _data(plain: torch.Tensor) -> bytes:
    """The elements row by row."""
    dense = plain.resolve_conj().resolve_neg().contiguous()
    return ctypes.string_at(dense.data_ptr(), dense.nbytes) if dense.numel() else b""


def field_names(thing: object) -> tuple[str, ...]:
    """The names of a named tuple's items, ours or torch's (`torch.return_types`); none for anything else."""
    kind = type(thing)
    if not issubclass(kind, tuple):
        return ()
    names: object = getattr(kind, "_fields", None) or getattr(kind, "__match_args__", ())
    if not isinstance(names, tuple) or len(names) != tuple.__len__(thing):  # type: ignore[arg-type]
        return ()
    return tuple(clean(name, MAX_WORDS) for name in names) if all(type(name) is str for name in names) else ()


def class_name(thing: object) -> str:
    """The name of an object's class, which its metaclass may not want to tell."""
    return clean(str.__str__(_name_of(type(thing))), MAX_WORDS)


def _opaque(thing: object, reason: str) -> Opaque:
    return Opaque(type=class_name(thing), reason=reason)
