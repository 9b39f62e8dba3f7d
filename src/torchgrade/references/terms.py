"""How great the terms of a derivative are, where they cancel: what is zero by cancellation is zero but for rounding.

The derivative of x / sum(x) in its only element is c/x - c*x/x**2: exactly 0, yet a right answer shows the rounding of
its terms. Their size is about that of the value over the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from torchgrade.model.case import Case
from torchgrade.model.probe import Probe
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Tensor
from torchgrade.numeric.arrays import Array, from_numpy, magnitude, to_floats, to_numpy

NOTHING = 1e-20
"""A derivative known to fifty digits that is less than this part of its terms is 0."""
_NARROW = 2.0**-10


def term_sizes(probe: Probe, results: Iterable[Array], case: Case) -> Mapping[str, float]:
    """By parameter: the size of the terms that a derivative of these results adds up."""
    greatest = max((magnitude(result) for result in results), default=0.0)
    seeds = [magnitude(to_numpy(seed)) for _, seed in probe.seeds]
    weight = max(map(abs, probe.cotangent), default=1)
    product = greatest * (max(seeds) if seeds else weight) * weight ** (probe.order - 1)
    return {name: product / _smallest(case.inputs[name]) ** probe.order for name in probe.wrt}


def _smallest(value: object) -> float:
    """The least size in an input, not counting zeros and what is far below the others."""
    sizes = np.abs(to_floats(to_numpy(value))).ravel() if isinstance(value, Tensor) else np.zeros(0)
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    return max(float(sizes.min()), float(sizes.max()) * _NARROW) if sizes.size else 1.0


def with_zeros(targets: Targets, sizes: Mapping[str, float], nothing: float = NOTHING) -> Targets:
    """The targets, where a derivative of less than the part `nothing` of its terms is 0, and as exact as those are."""
    return Targets(
        value={name: _zeroed(target, sizes[name], nothing) for name, target in targets.value.items()},
        full={name: _zeroed(target, sizes[name], nothing) for name, target in targets.full.items()},
    )


def _zeroed(target: Target, size: float, nothing: float) -> Target:
    if not isinstance(target.value, Tensor):
        return target
    array = to_numpy(target.value)
    if not np.isfinite(array).all() or magnitude(array) > nothing * size:
        return target
    return replace(target, value=from_numpy(np.zeros_like(array)), scale=size, condition=0.0, error=0.0)
