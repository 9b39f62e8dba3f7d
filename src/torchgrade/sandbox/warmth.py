"""What a zygote should have loaded before it forks for a work, as its text tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from torchgrade.model.places import code
from torchgrade.model.probe import Work
from torchgrade.model.value import Scalar, ScalarType
from torchgrade.wire import control


class Warmth(StrEnum):
    """`lean`: whatever each work needs, when it needs it; `full`: everything at the start, for batches."""

    LEAN = "lean"
    FULL = "full"


_SIGNS: Mapping[str, re.Pattern[str]] = {
    control.COTANGENT: re.compile(r"backward\(\s*(?!ctx|self)[^)\s]|autograd\.(grad|functional)|jacobian|hessian"),
    control.FUNCTIONAL: re.compile(
        r"torch\.func\b|import.*\bfunc\b|functorch|optim|vmap|vjp|jvp|jac(rev|fwd)|functional_call|torch\.compile"
    ),
    control.SYMPY: re.compile(r"sympy"),
}


def needs(work: Work) -> tuple[str, ...]:
    """The topics that a submission or an exercise's `call` mentions. Too many cost memory, too few time."""
    text = "\n".join((code(work.source), *(plan.call or "" for plan in work.plans)))
    found = {topic for topic, sign in _SIGNS.items() if sign.search(text)}
    return tuple(topic for topic in control.TOPICS if topic in found or (topic == control.SYMPY and _has_symbols(work)))


def _has_symbols(work: Work) -> bool:
    """Whether any input is a sympy symbol."""
    values = (value for plan in work.plans for case in plan.cases for value in case.inputs.values())
    return any(isinstance(value, Scalar) and value.type is ScalarType.SYMBOL for value in values)
