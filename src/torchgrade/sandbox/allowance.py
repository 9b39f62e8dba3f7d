"""What a plan's limits come to for one request."""

from __future__ import annotations

from dataclasses import dataclass

from torchgrade.model.exercise import Limits
from torchgrade.model.probe import Plan

_PROCESSOR_FACTOR = 2
"""Two processors may work for the whole time, if nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The limits as they were written, and the seconds (on the clock; of all processors) that are given here."""

    limits: Limits
    seconds: float
    cpu_seconds: float
    is_loading: bool = False

    @property
    def is_widened(self) -> bool:
        """True if the reference function is so slow that more is given than was written."""
        return not self.is_loading and self.seconds > self.limits.seconds

    @property
    def written_cpu_seconds(self) -> float:
        """The seconds of all processors that a case has where the reference function is not slow."""
        written = self.limits.cpu_seconds
        return _PROCESSOR_FACTOR * self.limits.seconds if written is None else written


def of_case(plan: Plan) -> Allowance:
    """For one case: no code is cut off before it took `times_reference` times what the reference function took."""
    limits = plan.limits
    patience = limits.times_reference * plan.reference_seconds
    seconds = max(limits.seconds, patience)
    written = limits.cpu_seconds
    cpu_seconds = _PROCESSOR_FACTOR * seconds if written is None else max(written, patience)
    return Allowance(limits=limits, seconds=seconds, cpu_seconds=cpu_seconds)


def of_loading(plan: Plan, seconds: float) -> Allowance:
    """For reading the file."""
    return Allowance(limits=plan.limits, seconds=seconds, cpu_seconds=_PROCESSOR_FACTOR * seconds, is_loading=True)
