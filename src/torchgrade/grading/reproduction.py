"""A failure of a visible case in three lines of Python to paste."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from torchgrade.grading.examine import Examined
from torchgrade.grading.repeat import Unsteady
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Mismatch
from torchgrade.model.observation import Derivatives, Incident, Observation
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.said import said, translated
from torchgrade.model.value import Expression, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.numeric.arrays import to_numpy
from torchgrade.numeric.tape import read

LARGEST = 24
"""A tensor of more elements is not written out, and so nothing is."""
_PLAIN = ("float32", "int64", "bool")


def reproduction(exercise: Exercise, examined: Examined, observations: Mapping[Probe, Observation | Incident]) -> str:
    """The inputs, the call and what it should give; empty where that would be long, or no call is to blame."""
    if examined.case is None or isinstance(examined.judgement, Unsteady):
        return ""  # a call alone shows nothing of it
    differentiated = _differentiated(exercise, examined, observations)
    if differentiated is None and examined.check.kind == "gradient":
        return ""
    wrt = differentiated[0].wrt if differentiated else ()
    inputs = {name: _input(value, name in wrt) for name, value in examined.case.inputs.items()}
    if None in inputs.values():
        return ""
    made = "; ".join(f"{name} = {text}" for name, text in inputs.items())
    modules = "import sympy, torch" if "sympy." in made else "import torch"
    call = _call(exercise)
    last = _gradient(exercise, call, *differentiated, examined) if differentiated else _value(exercise, call, examined)
    return "\n".join(filter(None, (modules, made, (exercise.call or "").rstrip(), last)))


def _call(exercise: Exercise) -> str:
    arguments = ", ".join(exercise.parameters)
    if exercise.call is None:
        return f"{exercise.entrypoint}({arguments})"
    return f"call({', '.join(filter(None, (exercise.entrypoint, arguments)))})"


def _value(exercise: Exercise, call: str, examined: Examined) -> str:
    mismatch = examined.judgement.mismatch
    if mismatch is None or mismatch.observed is None:
        holds = said("should fulfil {formula}", formula=examined.check.subject)
        return f"print({call})" + (_comment(holds, exercise) if examined.check.kind == "property" else "")
    expected = _comment(said("should be {value}", value=_expected(mismatch.target.value)), exercise)
    parameter, _, what = mismatch.outcome.rpartition(".")
    if parameter in exercise.parameters:
        return f"{call}; print({parameter}{'.grad' if what == 'grad' else ''}){expected}"
    if mismatch.outcome in exercise.returns:
        return f"print({call}{_position(exercise, mismatch.outcome)}){expected}"
    return f"print({call})" + _comment(_should_be(mismatch), exercise)


def _should_be(mismatch: Mismatch) -> str:
    value = _expected(mismatch.target.value)
    return said("{outcome} should be {value}", outcome=mismatch.outcome, value=value)


def _comment(text: str, exercise: Exercise) -> str:
    return f"  # {translated(text, exercise.language)}"


def _position(exercise: Exercise, outcome: str) -> str:
    return f"[{list(exercise.returns).index(outcome)}]" if len(exercise.returns) > 1 else ""


def _differentiated(
    exercise: Exercise, examined: Examined, observations: Mapping[Probe, Observation | Incident]
) -> tuple[Probe, Derivatives] | None:
    """The first derivative that the check measured, if it is one that a line can repeat and that is to blame."""
    mismatch = examined.judgement.mismatch
    if examined.case is None or (mismatch is not None and mismatch.outcome in exercise.returns):
        return None
    for probe in examined.check.probes(exercise, examined.case):
        if mismatch is not None and f" of {probe.of} in " not in mismatch.outcome:
            continue
        found = observations.get(probe)
        is_simple = probe.op is ProbeOp.GRADIENT and probe.order == 1 and not probe.seeds
        if is_simple and isinstance(found, Derivatives) and prod(found.shape) <= LARGEST:
            return (probe, found) if found.problem in ("", "no graph") else None
    return None


def _gradient(exercise: Exercise, call: str, probe: Probe, found: Derivatives, examined: Examined) -> str:
    """The product with the cotangent that was used, or the Jacobian if only that is wrong."""
    result = f"{call}{_position(exercise, probe.of)}"
    if found.problem:
        return f"y = {result}; print(y.requires_grad)" + _comment(said("should be {value}", value="True"), exercise)
    mismatch = examined.judgement.mismatch
    expected = _comment(_should_be(mismatch), exercise) if mismatch else ""
    what, _, name = mismatch.outcome.rpartition(" in ") if mismatch else ("", "", "")
    if what.startswith("Jacobian"):
        jacobian = f"torch.autograd.functional.jacobian(lambda {name}: {result}, {name})"
        return f"print({jacobian}.reshape(-1, *{name}.shape)){expected}"
    weights = f"torch.tensor({[float(each) for each in read(probe.cotangent, 0, prod(found.shape))]})"
    unused = ", allow_unused=True" if None in found.product.values() else ""
    names = name if name in probe.wrt else ", ".join(probe.wrt)
    return (
        f"y = {result}; "
        f"print(torch.autograd.grad(y, [{names}], {weights}.reshape(y.shape).to(y.dtype){unused})){expected}"
    )


def _input(value: Value, leaf: bool) -> str | None:
    """The value as Python; None if it is long or cannot be written."""
    match value:
        case Tensor():
            return _tensor(value, leaf or value.requires_grad)
        case Scalar(type=ScalarType.SYMBOL):
            return f"sympy.Symbol({value.value!r})"
        case Scalar():
            return _number(value.value) if isinstance(value.value, float) else repr(value.value)
        case Series():
            items = [_input(item, False) for item in value.items]
            return None if None in items else f"({''.join(f'{item}, ' for item in items)})"
    return None


def _tensor(tensor: Tensor, requires_grad: bool) -> str | None:
    if prod(tensor.shape) > LARGEST:
        return None
    options = "" if tensor.dtype in _PLAIN else f", dtype=torch.{tensor.dtype}"
    options += ", requires_grad=True" if requires_grad else ""
    if 0 in tensor.shape:
        options = f", dtype=torch.{tensor.dtype}" + (", requires_grad=True" if requires_grad else "")
        return f"torch.zeros({tensor.shape}{options})"
    return f"torch.tensor({_nested(to_numpy(tensor).tolist(), tensor.dtype)}{options})"


def _nested(items: object, dtype: str) -> str:
    if isinstance(items, list):
        return f"[{', '.join(_nested(item, dtype) for item in items)}]"
    if isinstance(items, float):
        return _number(float(str(np.float32(items))) if dtype == "float32" else items)
    return repr(items)


def _number(number: float) -> str:
    return repr(number) if np.isfinite(number) else f"float({str(number)!r})"


def _expected(value: Value) -> str:
    """The right value with six digits, as torch would print it on one line."""
    match value:
        case Tensor() if prod(value.shape) > LARGEST:
            return said("a tensor of shape {shape}", shape=str(list(value.shape)))
        case Tensor():
            return f"tensor({_rounded(to_numpy(value).tolist())})"
        case Scalar():
            text = _rounded(value.value)
            return f"{text}0" if text.endswith(".") else text
        case Series():
            return f"({', '.join(_expected(item) for item in value.items)})"
        case Expression():
            return value.text
    return said("something else")


def _rounded(items: object) -> str:
    if isinstance(items, list):
        return f"[{', '.join(map(_rounded, items))}]"
    if isinstance(items, float):
        text = f"{items:.6g}"
        return text if any(sign in text for sign in ".en") else f"{text}."
    return f"{items:.6g}" if isinstance(items, complex) else repr(items)
