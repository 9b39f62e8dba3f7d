"""What readers see in place of names that nobody wrote: of drawn cases, edges, checks without a name, derivatives.

In reports for machines and in keys they stand as they are; so do, everywhere, the names that authors gave.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from torchgrade.model.said import said, translated

_CASES: Mapping[str, str] = {
    "given": said("given"),
    "drawn": said("drawn"),
    "empty": said("empty"),
    "one": said("of size 1"),
    "square": said("square"),
    "zeros": said("zeros"),
    "ties": said("ties"),
    "negative": said("negative"),
    "integer": said("integer"),
    "strided": said("strided"),
    "large": said("large"),
    "tiny": said("tiny"),
}
_CHECKS: Mapping[str, str] = {
    "value": said("value"),
    "gradient": said("gradient"),
    "property": said("property"),
    "rule": said("rule"),
}
_DERIVATIVES: Mapping[str, str] = {
    "gradient": said("gradient"),
    "second derivative": said("second derivative"),
    "third derivative": said("third derivative"),
    "Jacobian": said("Jacobian"),
    "Hessian": said("Hessian"),
    "third derivatives": said("third derivatives"),
}
_NUMBERED = re.compile(r"(\w+)([ -]\d+)?")
_DERIVATIVE = re.compile(r"(.+) of (.+) in (\w+)")


def case_label(name: str, language: str) -> str:
    """`drawn 2`, in a language."""
    return _label(name, _CASES, language)


def check_label(name: str, language: str) -> str:
    """`value-2`, in a language."""
    return _label(name, _CHECKS, language)


def outcome_label(name: str, language: str) -> str:
    """`gradient of y in x`, in a language; the names of results and parameters are code."""
    found = _DERIVATIVE.fullmatch(name)
    if found is None or found[1] not in _DERIVATIVES:
        return name
    kind, of, wrt = _DERIVATIVES[found[1]], found[2], found[3]
    return translated(said("{kind} of {of} in {wrt}", kind=kind, of=of, wrt=wrt), language)


def _label(name: str, ours: Mapping[str, str], language: str) -> str:
    found = _NUMBERED.fullmatch(name)
    if found is None or found[1] not in ours:
        return name
    told = translated(ours[found[1]], language)
    return name if told == ours[found[1]] else told + (found[2] or "")
