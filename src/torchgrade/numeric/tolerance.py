"""How far a number may be from the truth: the rule of NUMERICS, decision 1, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping

from torchgrade.model.exercise import Spec
from torchgrade.model.target import Target
from torchgrade.numeric.arrays import is_dtype, kind_of

EPS: Mapping[str, float] = {
    "float64": 2.0**-52,
    "float32": 2.0**-23,
    "float16": 2.0**-10,
    "bfloat16": 2.0**-7,
    "complex128": 2.0**-52,
    "complex64": 2.0**-23,
}
_HALVES = ("float16", "bfloat16")
DECIDING = 0.1
"""The greatest share of the scale that may be allowed while right and wrong can still be told apart."""


def factor(dtype: str) -> int:
    """C of the rule: how many eps of rounding a right answer may show."""
    return 4 if dtype in _HALVES else 64


def allowed(target: Target, dtype: str, tolerance: float | None = None) -> float:
    """The greatest difference allowed; an author's `tolerance` is relative to the scale and replaces the rule."""
    if tolerance is not None:
        return tolerance * (target.scale or 1.0)
    eps = EPS[dtype]
    return factor(dtype) * eps * (target.scale + target.condition) + eps * target.amplified + target.error


def decides(target: Target, allowance: float) -> bool:
    """False if so much is allowed (over 10% of the scale) that a right answer cannot be told from a wrong one."""
    return math.isfinite(allowance) and (target.scale == 0 or allowance <= DECIDING * target.scale)


def judged_dtype(spec: Spec, case_dtype: str, observed: str = "") -> str:
    """The dtype whose eps is used: one that `returns` names (the observed one, if it does), else the case's."""
    named = [word for word in spec.dtype if word in EPS and is_dtype(word) and kind_of(word) in ("float", "complex")]
    if observed in named:
        return observed
    return named[0] if named else case_dtype
