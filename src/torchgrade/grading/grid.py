"""The Grid of a failure: only of a visible case, where the numbers of two tensors differ."""

from __future__ import annotations

import re

from torchgrade.checks.value import ValueCheck
from torchgrade.grading.examine import Examined
from torchgrade.model.finding import Comparison, Grid, Mismatch, Stage
from torchgrade.model.value import Record, Scalar, Series, Tensor, Value
from torchgrade.numeric.arrays import Array, is_number, scalar_array, to_numpy
from torchgrade.numeric.up_to import closest_form
from torchgrade.numeric.window import window

_STEP = re.compile(r"\[(?:(\d+)|'([^']*)')\]")


def grid(examined: Examined) -> Grid | None:
    """What was observed beside what is right; None if a case is hidden or there are no numbers side by side."""
    judgement, case = examined.judgement, examined.case
    mismatch, comparison = judgement.mismatch, judgement.comparison
    if case is None or not case.visible or mismatch is None or comparison is None:
        return None
    if comparison.stage not in (Stage.MASK, Stage.NUMBERS) or mismatch.observed is None:
        return None
    arrays = [_array(_part(value, comparison, mismatch)) for value in _values(examined, mismatch)]
    observed, expected = arrays
    if observed is None or expected is None or observed.shape != expected.shape or not observed.size:
        return None
    return window(observed, expected, comparison)


def _values(examined: Examined, mismatch: Mismatch) -> tuple[Value | None, Value]:
    """What was returned, in the form that it was compared in, and what is right."""
    observed, expected = mismatch.observed, mismatch.target.value
    form = examined.check.up_to if isinstance(examined.check, ValueCheck) else None
    return (observed if form is None or observed is None else closest_form(observed, expected, form)), expected


def _part(value: Value | None, comparison: Comparison, mismatch: Mismatch) -> Value | None:
    """What the comparison is about: an item of a tuple or dict by its path, `[1]['q']`."""
    for place, key in _STEP.findall(comparison.outcome.removeprefix(mismatch.outcome)):
        if isinstance(value, Series) and place:
            value = value.items[int(place)]
        elif isinstance(value, Record):
            value = dict(value.items).get(key)
        else:
            return None
    return value


def _array(value: Value | None) -> Array | None:
    if isinstance(value, Tensor):
        return to_numpy(value)
    return scalar_array(value) if isinstance(value, Scalar) and is_number(value) else None
