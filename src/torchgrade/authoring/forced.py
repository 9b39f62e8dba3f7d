"""Cases with their floating inputs in one dtype, however they were drawn; a dtype that the file asks for stays."""

from __future__ import annotations

from dataclasses import replace

from torchgrade.inputs.draw import Entry, cases, entries, merged_specs
from torchgrade.inputs.dtypes import SINGLE_PRECISION_ENDS, named_dtype
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.value import Tensor, Value
from torchgrade.numeric.arrays import from_numpy, is_float, to_numpy
from torchgrade.session import Draw


def in_dtype(dtype: str) -> Draw:
    """Cases drawn as ever, then rounded or widened to `dtype`."""

    def draw(exercise: Exercise, seed: str) -> tuple[Case, ...]:
        drawn = zip(entries(exercise), cases(exercise, seed), strict=True)
        return tuple(_forced(exercise, entry, case, dtype) for entry, case in drawn)

    return draw


def takes_floats(exercise: Exercise, drawn: tuple[Case, ...]) -> bool:
    """Whether any input's dtype is left to the case."""
    return any(_free(exercise, entry, case) for entry, case in zip(entries(exercise), drawn, strict=True))


def _free(exercise: Exercise, entry: Entry, case: Case) -> tuple[str, ...]:
    """The inputs whose dtype the file leaves open; none where only float64 can tell right from wrong."""
    specs = merged_specs(exercise.parameters, entry.content.parameters)
    if any(spec.condition is not None and spec.condition > SINGLE_PRECISION_ENDS for spec in specs.values()):
        return ()
    return tuple(
        name
        for name, value in case.inputs.items()
        if isinstance(value, Tensor) and is_float(value.dtype) and not named_dtype(specs[name], entry.ordinal)
    )


def _forced(exercise: Exercise, entry: Entry, case: Case, dtype: str) -> Case:
    free = _free(exercise, entry, case)
    if not free or case.dtype == dtype:
        return case
    return replace(
        case, dtype=dtype, inputs={**case.inputs, **{name: _converted(case.inputs[name], dtype) for name in free}}
    )


def _converted(value: Value, dtype: str) -> Value:
    if not isinstance(value, Tensor):
        return value
    cast = from_numpy(to_numpy(value), dtype)
    return replace(value, dtype=cast.dtype, data=cast.data)
