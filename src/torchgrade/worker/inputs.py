"""The inputs of a case as the objects a submission is given, built afresh from their bytes each time."""

from __future__ import annotations

import importlib
from collections import namedtuple
from collections.abc import Mapping

import torch

from torchgrade.model.value import Expression, Layout, Opaque, Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.wire.values import ITEMSIZE

DTYPES: Mapping[str, torch.dtype] = {name: getattr(torch, name) for name in ITEMSIZE}


def build(value: Value, requires_grad: bool = False) -> object:
    """The object; a tensor asks for gradients if its value or `requires_grad` says so."""
    match value:
        case Tensor():
            return tensor(value, value.requires_grad or requires_grad)
        case Scalar(type=ScalarType.SYMBOL):
            return importlib.import_module("sympy").Symbol(value.value)
        case Scalar():
            return value.value
        case Series():
            return _series(value)
        case Record():
            return {name: build(item) for name, item in value.items}
        case Expression():
            return importlib.import_module("sympy").sympify(value.text)
        case Opaque():
            raise TypeError(f"a {value.type} cannot be an input")


def tensor(value: Tensor, requires_grad: bool = False) -> torch.Tensor:
    """A leaf with memory of its own, laid out as told."""
    dtype = DTYPES[value.dtype]
    flat = (
        torch.frombuffer(bytearray(value.data), dtype=dtype)
        if value.data
        else torch.empty(0, dtype=dtype, device="cpu")
    )
    plain = flat.reshape(value.shape).clone()
    made = _strided(plain) if value.layout is Layout.STRIDED else plain
    if requires_grad:
        made.requires_grad_()
    if value.grad is not None:
        made.grad = tensor(value.grad)
    return made


def _strided(plain: torch.Tensor) -> torch.Tensor:
    """The same elements as every second one of a larger tensor, whose rows have one more: no `view` flattens it."""
    if plain.dim() == 0:
        return plain
    width = 2 * plain.shape[-1]
    wide = torch.ones((*plain.shape[:-1], width + 1), dtype=plain.dtype, device="cpu")
    wide[..., :width:2] = plain
    return wide[..., :width:2].detach()


def _series(value: Series) -> object:
    items = [build(item) for item in value.items]
    if value.names:
        return namedtuple(value.type, value.names)(*items)  # type: ignore[misc, arg-type]
    if value.type == "Size":
        return torch.Size(items)  # type: ignore[arg-type]
    return items if value.type == "list" else tuple(items)
