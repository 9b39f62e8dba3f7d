"""Would an error in a small entry be seen? Numbers are judged by the greatest of them, so one case must be level."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from torchgrade.grading.resolved import Resolved
from torchgrade.model.probe import ProbeOp
from torchgrade.model.value import Tensor, Value
from torchgrade.numeric.arrays import kind_of, to_floats, to_numpy

LEVEL = 1e3
"""An entry this many times smaller than the greatest may be wrong in its third digit without being noticed."""


def uneven(resolved: Resolved) -> Iterator[str]:
    """The outcomes of which no case has all its entries near the greatest; exact zeros do not count."""
    found: dict[str, list[float]] = {}
    for probe, targets in resolved.truth.items():
        if probe.op is ProbeOp.VALUE:
            for outcome, target in targets.value.items():
                found.setdefault(outcome, []).extend(_spread(target.value))
    yield from (outcome for outcome, spreads in found.items() if spreads and min(spreads) > LEVEL)


def _spread(value: Value) -> Iterator[float]:
    """How many times greater the greatest entry is than the smallest; nothing for fewer than two numbers."""
    if not isinstance(value, Tensor) or kind_of(value.dtype) not in ("float", "complex"):
        return
    sizes = np.abs(to_floats(to_numpy(value)))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if sizes.size > 1:
        yield float(sizes.max() / sizes.min())
