"""What to measure: of a submission, of the reference function, of the mistakes. Pure data, once per exercise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from torchgrade.grading.repeat import asked_again
from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise
from torchgrade.model.probe import Plan, Probe
from torchgrade.references import REFERENCES
from torchgrade.references.formula import answers


def plan(exercise: Exercise, cases: Sequence[Case]) -> Plan:
    """Every probe that the checks ask for, once each; visible cases run first, and the first case again at the end."""
    ordered = sorted(cases, key=lambda case: not case.visible)
    asked = (
        probe for case in ordered for check in case_checks(exercise, case) for probe in check.probes(exercise, case)
    )
    made = _plan(exercise, ordered, asked)
    return made if exercise.random else asked_again(made)


def reference_plan(exercise: Exercise, cases: Sequence[Case], probes: Iterable[Probe], *, every: bool = False) -> Plan:
    """The same probes in the twins of the cases, in which the reference function must be measured.

    What a formula answers is left out, unless `every` witness is to be heard (`prove`), and so is the repeat. No
    probes: nothing to run.
    """
    by_name = {case.name: case for case in cases}
    spoken_of = [probe for probe in probes if probe.case in by_name]
    asked = [probe for probe in spoken_of if every or not answers(exercise, by_name[probe.case], probe)]
    names = dict.fromkeys(probe.case for probe in asked)
    twins = {name: [twin for each in REFERENCES for twin in each.cases(exercise, by_name[name])] for name in names}
    wanted = (replace(probe, case=twin.name) for probe in asked for twin in twins[probe.case])
    return _plan(exercise, [twin for group in twins.values() for twin in group], wanted)


def _plan(exercise: Exercise, cases: Iterable[Case], probes: Iterable[Probe]) -> Plan:
    asked = tuple(dict.fromkeys(probes))
    names = {probe.case for probe in asked}
    return Plan(
        entrypoint=exercise.entrypoint,
        parameters=tuple(exercise.parameters),
        returns=tuple(exercise.returns),
        call=exercise.call,
        limits=exercise.limits,
        cases=tuple(case for case in cases if case.name in names),
        probes=asked,
    )


def case_checks(exercise: Exercise, case: Case) -> tuple[Check, ...]:
    """The checks that look at a case and have something to measure there.

    They are those that name it or its group, and those that name no cases, unless another of their kind and subject
    names it. Where an exception is the right answer, only values are looked at.
    """
    looking = [check for check in exercise.checks if check.looks_at_cases()]
    if case.raises is not None:
        looking = [check for check in looking if check.kind == "value"]
    names = {case.name, case.group}
    claimed = {(check.kind, check.subject) for check in looking if names & set(check.cases)}
    return tuple(
        check
        for check in looking
        if (names & set(check.cases) or (not check.cases and (check.kind, check.subject) not in claimed))
        and check.probes(exercise, case)
    )
