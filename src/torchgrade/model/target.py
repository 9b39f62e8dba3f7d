"""A reference resolved for a case and a probe: what is expected, and how exactly it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torchgrade.model.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An expected value with its error bounds (NUMERICS, decision 1).

    Numbers are float64, complex128, int64 or bool tensors (or scalars, series, expressions), rounded once.
    With eps of the judged dtype and C = 64 (4 for half precisions), a number may differ by
    C * eps * (scale + condition) + eps * amplified + error.

    scale: the greatest magnitude of the truth (norm-wise).
    condition: the sum of |dF/dx| |x| over the inputs, norm-wise: how a rounding error of the inputs is magnified.
    amplified: 4 n kappa |x| for answers of linear systems, in absolute terms.
    error: the absolute error of the expected value itself (0 from a formula).
    """

    value: Value
    scale: float = 0.0
    condition: float = 0.0
    amplified: float = 0.0
    error: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The truth for one Probe.

    value: by outcome (`result`, `x.grad`, `x.after`) for a value probe; by parameter for a gradient probe.
    full: by parameter, the rows a gradient probe may measure as well. Outcomes that no reference speaks of are absent.
    """

    value: Mapping[str, Target]
    full: Mapping[str, Target] = field(default_factory=dict)
