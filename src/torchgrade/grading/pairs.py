"""An observed array beside the expected one: what every pattern looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from torchgrade.model.case import Case
from torchgrade.model.finding import Mismatch
from torchgrade.model.value import Scalar, Tensor, Value
from torchgrade.numeric.arrays import Array, is_number, kind_of, magnitude, scalar_array, to_floats, to_numpy
from torchgrade.numeric.tolerance import EPS

_LOOSEST = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two finite arrays, the case they belong to, and the relative difference that still counts as equal."""

    outcome: str
    observed: Array
    expected: Array
    case: Case
    tolerance: float

    @property
    def same_shape(self) -> bool:
        return self.observed.shape == self.expected.shape

    def equals(self, array: Array) -> bool:
        """Whether the observed array is this one, but for rounding."""
        return self.alike(self.observed, array)

    def alike(self, first: Array, second: Array) -> bool:
        """Whether two arrays of one shape are equal but for rounding."""
        if first.shape != second.shape or not np.isfinite(second).all():
            return False
        return bool((np.abs(first - second) <= self.tolerance * max(magnitude(second), 1e-30)).all())

    def distinct(self) -> int:
        """How many different values other than 0 are expected: what a pattern can be told by."""
        scale = magnitude(self.expected)
        if scale == 0:
            return 0
        rounded = np.round(self.expected / (scale * max(self.tolerance, 1e-9)))
        return int(np.unique(rounded[rounded != 0]).size)

    def inputs(self) -> Mapping[str, Array]:
        """The numeric tensors of the case."""
        arrays = {name: _array(value) for name, value in self.case.inputs.items() if isinstance(value, Tensor)}
        return {name: array for name, array in arrays.items() if array is not None}


def pair_of(mismatch: Mismatch, case: Case, dtype: str) -> Pair | None:
    """The pair of a mismatch; None unless both sides are finite numbers."""
    observed, expected = _array(mismatch.observed), _array(mismatch.target.value)
    if observed is None or expected is None or not (np.isfinite(observed).all() and np.isfinite(expected).all()):
        return None
    tolerance = min(max(2048 * EPS[dtype], 1e-9), _LOOSEST)
    return Pair(outcome=mismatch.outcome, observed=observed, expected=expected, case=case, tolerance=tolerance)


def _array(value: Value | None) -> Array | None:
    if isinstance(value, Tensor) and kind_of(value.dtype) != "bool":
        return to_floats(to_numpy(value))
    return to_floats(scalar_array(value)) if isinstance(value, Scalar) and is_number(value) else None
