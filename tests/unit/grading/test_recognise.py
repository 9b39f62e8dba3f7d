"""Mistakes: recognised where a submission does the same, and only there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.property import PropertyCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.grading.diagnose import recognise
from torchgrade.grading.examine import Examined
from torchgrade.model.check import Check
from torchgrade.model.exercise import Formula
from torchgrade.model.finding import Judgement, Mismatch
from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.target import Target
from torchgrade.model.value import Record, Series
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import from_numpy

VALUE = ValueCheck(name="value")
PROPERTY = PropertyCheck(name="property", holds=Formula("x == x"))
NEW = PropertyCheck(name="new", holds=Formula("not shares_memory(result, x)"))


def judged(judgement: Judgement, check: Check = VALUE) -> Examined:
    return Examined(check=check, case=None, judgement=judgement)


def wrong(*numbers: float, outcome: str = "result") -> Examined:
    value = from_numpy(np.array(numbers, dtype=np.float32))
    mismatch = Mismatch(outcome=outcome, observed=value, target=Target(value=value))
    return judged(Judgement(verdict=Verdict.WRONG_ANSWER, mismatch=mismatch))


def detached() -> Examined:
    target = Target(value=from_numpy(np.ones(1)))
    mismatch = Mismatch(outcome="result", observed=None, target=target)
    return judged(Judgement(verdict=Verdict.WRONG_ANSWER, mismatch=mismatch))


def stopped(exception: str, kind: IncidentKind = IncidentKind.EXCEPTION) -> Examined:
    incident = Incident(kind=kind, message="", exception=exception)
    return judged(Judgement(verdict=incident.verdict, incident=incident))


def broken(*numbers: float, check: Check = PROPERTY, storage: int = 0) -> Examined:
    """A property that does not hold for a dict of a tuple of one tensor."""
    value = replace(from_numpy(np.array(numbers, dtype=np.float32)), storage=storage)
    returned = Record(items=(("a", Series(type="tuple", items=(value,))),))
    return replace(told("It does not hold.", check), returned=returned)


def told(sentence: str, check: Check = VALUE) -> Examined:
    return judged(Judgement(verdict=Verdict.WRONG_ANSWER, rationale=sentence), check)


RIGHT = judged(Judgement(verdict=Verdict.ACCEPTED))
UNDECIDED = judged(Judgement(verdict=Verdict.UNDECIDED))


@pytest.mark.parametrize(
    ("ours", "theirs", "recognised"),
    [
        ([RIGHT, wrong(1, 2)], [RIGHT, wrong(1, 2)], True),
        ([RIGHT, wrong(1, 2)], [RIGHT, wrong(1, 2.00001)], True),
        ([RIGHT, wrong(1, 2)], [RIGHT, wrong(1, 2.01)], False),
        ([RIGHT, wrong(1, 2)], [RIGHT, wrong(1, 2, 3)], False),
        ([RIGHT, wrong(1, 2)], [RIGHT, wrong(1, 2, outcome="other")], False),
        ([RIGHT, wrong(1, 2)], [wrong(1, 2), wrong(1, 2)], False),
        ([RIGHT, wrong(1, 2)], [RIGHT, RIGHT], False),
        ([RIGHT, wrong(1, 2)], [RIGHT], False),
        ([stopped("ValueError")], [stopped("ValueError")], True),
        ([stopped("ValueError")], [stopped("TypeError")], False),
        ([stopped("")], [stopped("", IncidentKind.TIME_LIMIT)], False),
        ([stopped("ValueError")], [wrong(1)], False),
        ([detached()], [detached()], True),
        ([detached()], [wrong(1)], False),
        ([UNDECIDED, wrong(1)], [UNDECIDED, wrong(1)], True),
        ([UNDECIDED, wrong(1)], [wrong(1), wrong(1)], False),
        ([told("two values")], [told("two values")], True),
        ([told("two values")], [told("three values")], False),
        ([told("at 1", PROPERTY)], [told("at 2", PROPERTY)], False),
        ([broken(1, 2)], [broken(1, 2.00001)], True),
        ([broken(1, 2)], [broken(1, 3)], False),
        ([broken(1, 2)], [told("It does not hold.", PROPERTY)], False),
        ([broken(1, 2, check=NEW)], [broken(1, 3, check=NEW)], True),
        ([broken(1, 2, check=NEW)], [broken(1, 2, check=NEW, storage=1)], False),
        ([told("two values")], [wrong(1)], False),
    ],
)
def test_a_mistake_is_the_same_in_every_case(ours: list[Examined], theirs: list[Examined], recognised: bool) -> None:
    assert recognise(ours, theirs) is recognised
