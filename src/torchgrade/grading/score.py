"""Points, as exact fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from torchgrade.model.check import Check
from torchgrade.model.finding import CheckResult, Finding
from torchgrade.model.verdict import Verdict


@lru_cache(maxsize=1024)
def exact(points: float) -> Fraction:
    """The decimal number that stands in the file, exactly: 0.1 is one tenth."""
    return Fraction(str(points))


def score(checks: Sequence[Check], results: Sequence[CheckResult], worth: float = 0.0) -> tuple[CheckResult, ...]:
    """The results with their points; both sequences belong together.

    A check earns its points whole if every case that decides is accepted; `partial` shares them among those. Conditions
    earn in proportion to what the other checks earn. Where a `required` check fails, all is lost. Of what is lost, a
    recognised mistake gives back the part `worth`.
    """
    own = {check.name: _share(check, result.findings) for check, result in zip(checks, results, strict=True)}
    broken = any(
        check.required and own[check.name] < 1 and result.verdict is not Verdict.UNDECIDED
        for check, result in zip(checks, results, strict=True)
    )
    ratio = _ratio(checks, own)
    return tuple(
        replace(result, points=_points(result, Fraction(0) if broken else own[result.name], ratio, exact(worth)))
        for result in results
    )


def _points(result: CheckResult, share: Fraction, ratio: Fraction, worth: Fraction) -> Fraction:
    earned = result.max_points * share * (ratio if result.condition else 1)
    return earned + worth * (result.max_points - earned)


def _share(check: Check, findings: Sequence[Finding]) -> Fraction:
    """The part of its points that a check earns by itself; a case that decides nothing counts neither way."""
    decided = [finding for finding in findings if finding.verdict is not Verdict.UNDECIDED]
    accepted = sum(finding.verdict is Verdict.ACCEPTED for finding in decided)
    if not decided or (accepted < len(decided) and not check.partial):
        return Fraction(0)
    return Fraction(accepted, len(decided))


def _ratio(checks: Sequence[Check], own: Mapping[str, Fraction]) -> Fraction:
    """What the checks that are no conditions earned, of what they can; all or nothing if they are worth nothing."""
    others = [check for check in checks if not check.is_condition()]
    possible = sum((exact(check.points) for check in others), Fraction(0))
    if possible == 0:
        return Fraction(all(own[check.name] == 1 for check in others))
    return sum((exact(check.points) * own[check.name] for check in others), Fraction(0)) / possible
