"""Specs: what is said of one parameter or result does not contradict itself."""

from __future__ import annotations

from collections.abc import Iterator

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Family, Spec, Type
from torchgrade.spec.forms import DTYPES, KINDS_OF_DTYPE
from torchgrade.spec.rules.draft import FLOATING, Draft

OF_TENSORS = ("shape", "dtype", "family", "rank", "condition", "requires_grad", "layout")
OF_DRAWING = ("range", "family", "rank", "condition", "value")


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Fields that have no meaning beside each other, in parameters and in returns."""
    for parts, name, spec in draft.specs:
        for field, message, hint in _of_parameter(spec, draft.exercise.parameters.get(name, spec)):
            yield draft.fault("spec-contradiction", message, *parts, field, hint=hint)
    for name, spec in draft.exercise.returns.items():
        for field in _said(spec, OF_DRAWING):
            message = f"`{field}` says how inputs are made; nothing is drawn for `{name}`"
            yield draft.fault("spec-contradiction", message, "returns", name, field, hint="leave it out")


def _of_parameter(spec: Spec, declared: Spec) -> Iterator[tuple[str, str, str]]:
    """Field, message and hint of each contradiction; `declared` is what a case only changes."""
    type_ = spec.type or declared.type or Type.TENSOR
    if type_ is not Type.TENSOR:
        for field in _said(spec, OF_TENSORS):
            yield field, f"`{field}` is for tensors, and this is of type {type_}", "leave it out"
        return
    dtype = spec.dtype or declared.dtype
    for kind in set(spec.dtype) & set(KINDS_OF_DTYPE):
        names = " or ".join(name for name in DTYPES if name.startswith(kind))
        yield "dtype", f"`{kind}` is for returns; an input has one dtype", f"write {names}"
    if spec.requires_grad and dtype and not set(dtype) & set(FLOATING):
        yield "requires_grad", f"{' or '.join(dtype)} tensors cannot require grad", "leave it out"
    if spec.rank is not None and (spec.family or declared.family) is not Family.LOW_RANK:
        yield "rank", "`rank` is for `family: low_rank`", "add the family, or leave `rank` out"
    if spec.value is not None:
        for field in _said(spec, ("range", "family", "rank", "condition")):
            yield field, f"`value` makes this input, so `{field}` draws nothing", "keep one of them"


def _said(spec: Spec, fields: tuple[str, ...]) -> list[str]:
    return [field for field in fields if getattr(spec, field) not in (None, ())]
