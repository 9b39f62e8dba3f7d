"""The third witness of a derivative: what sympy makes of an elementwise formula, at a few places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from torchgrade.authoring.witnesses import Disagreement, Witnesses
from torchgrade.formula.parse import parse
from torchgrade.formula.symbolic import derivative_at
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Comparison, Stage
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.value import Scalar, Tensor, Value
from torchgrade.numeric.arrays import is_number, to_floats, to_numpy
from torchgrade.numeric.tape import read

FEW_PROBES, FEW_PLACES = 3, 4
CLOSE = 1e-12


def misderived(exercise: Exercise, cases: tuple[Case, ...], witnesses: Witnesses) -> Iterator[Disagreement]:
    """Where a derivative of the truth is not that of the closed form; what has none is passed over."""
    by_name = {case.name: case for case in cases}
    values = {probe.case: said["formula"].value for probe, said in witnesses.items() if probe.op is ProbeOp.VALUE}
    first_order = (
        (probe, name, target.value)
        for probe, said in witnesses.items()
        if probe.op is ProbeOp.GRADIENT and probe.order == 1 and probe.of in exercise.reference.formula
        for name, target in said["formula"].value.items()
        if name not in exercise.reference.gradient
        and _shape(target.value) == _shape(values.get(probe.case, {}).get(probe.of, target).value)
    )
    for probe, name, product in islice(first_order, FEW_PROBES):
        yield from _differences(exercise, by_name[probe.case], probe, (name, product))


def _shape(value: Value) -> tuple[int, ...] | None:
    return value.shape if isinstance(value, Tensor) else None


def _differences(exercise: Exercise, case: Case, probe: Probe, said: tuple[str, Value]) -> Iterator[Disagreement]:
    name, product = said
    if not isinstance(product, Tensor):
        return
    node, lets = parse(exercise.reference.formula[probe.of]), {each: parse(text) for each, text in exercise.let.items()}
    numbers = to_floats(to_numpy(product)).ravel()
    weights = read(probe.cotangent, 0, numbers.size)
    for place in range(min(FEW_PLACES, numbers.size)):
        closed = derivative_at(node, lets, name, _at(case, product.shape, place))
        found = float(numbers[place]) / weights[place]
        if closed is not None and abs(found - closed) > CLOSE * max(abs(closed), 1.0):
            comparison = Comparison(stage=Stage.NUMBERS, observed=f"{found:.6g}", expected=f"{closed:.6g}")
            outcome = f"the derivative of order 1 in {name}"
            yield Disagreement(
                case=case.name, outcome=outcome, first="formula", second="closed form", comparison=comparison
            )
            return


def _at(case: Case, shape: tuple[int, ...], place: int) -> Mapping[str, float]:
    """The numbers that names stand for at one place of an elementwise formula."""
    found = {name: float(size) for name, size in case.dims.items()}
    for name, value in case.inputs.items():
        if isinstance(value, Tensor) and value.shape == shape:
            found[name] = float(to_floats(to_numpy(value)).ravel()[place].real)
        elif isinstance(value, Scalar) and is_number(value) and isinstance(value.value, (int, float)):
            found[name] = float(value.value)
    return found
