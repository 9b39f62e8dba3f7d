"""Which dtype a case and each of its tensors has."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.model.exercise import Family, Spec, Type
from torchgrade.numeric.arrays import kind_of

FAMILY_DTYPES: Mapping[Family, str] = {Family.MASK: "bool", Family.PERMUTATION: "int64"}
SINGLE_PRECISION_ENDS = 1e3
"""Above this condition number float32 can no longer tell right from wrong, so such cases are float64."""


def is_tensor(spec: Spec) -> bool:
    """True for a parameter that is a tensor."""
    return spec.type in (None, Type.TENSOR)


def named_dtype(spec: Spec, ordinal: int) -> str:
    """The dtype a Spec names for the `ordinal`-th case (several take turns), or its family implies; else empty."""
    if spec.dtype:
        return spec.dtype[(ordinal - 1) % len(spec.dtype)]
    return FAMILY_DTYPES.get(spec.family, "") if spec.family else ""


def case_dtype(specs: Mapping[str, Spec], ordinal: int, *, alternates: bool) -> str:
    """The floating dtype of a case: the one all floating tensors name; else float32 and, drawn, float64 in turn."""
    names = {named_dtype(spec, ordinal) for spec in specs.values() if is_tensor(spec)}
    floating = {name for name in names if not name or kind_of(name) in ("float", "complex")}
    if len(floating) == 1 and "" not in floating:
        name = floating.pop()
        return {"complex64": "float32", "complex128": "float64"}.get(name, name)
    if any(spec.condition is not None and spec.condition > SINGLE_PRECISION_ENDS for spec in specs.values()):
        return "float64"
    return "float64" if alternates and ordinal % 2 == 0 else "float32"
