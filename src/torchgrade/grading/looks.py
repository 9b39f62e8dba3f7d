"""The second look: what is not accepted is measured again, alone, before it is reported.

By then a process of the submission has seen hidden inputs, and it may have left itself a sign that no sandbox can take
away (when a file was last read, say). So the second look decides what the verdict is, and the first what students see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from torchgrade.grading.judge import fatal
from torchgrade.grading.repeat import bits_of
from torchgrade.grading.resolved import Resolved
from torchgrade.model.case import Case
from torchgrade.model.observation import READ_ONCE, Incident, IncidentKind, Measured, Observation
from torchgrade.model.said import said
from torchgrade.model.verdict import Verdict

Answer = Observation | Incident


def after_both(resolved: Resolved, first: Measured, second: Measured) -> tuple[Resolved, Measured]:
    """What to judge by after both looks: a visible case that is answered otherwise than at first is as a hidden one."""
    if fatal(first) and fatal(second):
        return resolved, first
    second = replace(_changed(second, _unreadable_now), printed=first.printed)
    other = {case.name for case in resolved.cases if case.visible and not _is_same(case, first, second, resolved)}
    if not other:
        return resolved, second  # as it is: its questions are known
    cases = tuple(replace(case, visible=case.visible and case.name not in other) for case in resolved.cases)
    return replace(resolved, cases=cases), second


def claims_fault(measured: Measured) -> bool:
    """Whether a worker says that the fault is ours."""
    return any(_is_claim(answer) for answer in measured.observations.values())


def without_claims(measured: Measured) -> Measured:
    """The same, if others in this place find no such fault."""
    return _changed(measured, _unfounded)


def _is_same(case: Case, first: Measured, second: Measured, resolved: Resolved) -> bool:
    probes = (probe for probe in resolved.plan.probes if probe.case == case.name)
    return all(_alike(first.observations[probe], second.observations[probe]) for probe in probes)


def _alike(one: Answer, other: Answer) -> bool:
    if isinstance(one, Incident) or isinstance(other, Incident):
        return one == other
    return bits_of(one) == bits_of(other)


def _changed(measured: Measured, change: Callable[[Answer], Answer]) -> Measured:
    return replace(measured, observations={probe: change(each) for probe, each in measured.observations.items()})


def _unreadable_now(answer: Answer) -> Answer:
    """Why a file cannot be loaded is told in full, which only the first look may do."""
    is_unreadable = isinstance(answer, Incident) and answer.verdict is Verdict.INVALID_SUBMISSION
    return READ_ONCE if is_unreadable else answer


def _unfounded(answer: Answer) -> Answer:
    if _is_claim(answer):
        return Incident(
            kind=IncidentKind.BAD_REPLY, message=said("The code claimed a fault of the grader's that there is not.")
        )
    return answer


def _is_claim(answer: Answer) -> bool:
    return isinstance(answer, Incident) and answer.kind is IncidentKind.CLAIMED_FAULT
