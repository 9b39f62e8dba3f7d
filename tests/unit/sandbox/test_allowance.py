"""What the limits of a plan come to: how long is waited, and in which words that is told."""

from __future__ import annotations

import math
import signal
from dataclasses import replace

import pytest

from torchgrade.model.exercise import Limits
from torchgrade.model.probe import Plan
from torchgrade.sandbox import allowance, incidents
from torchgrade.sandbox.exchange import Exchange, Failure

PLAN = Plan(
    entrypoint="f",
    parameters=(),
    returns=(),
    call=None,
    limits=Limits(seconds=2, times_reference=10),
    cases=(),
    probes=(),
)


@pytest.mark.parametrize(
    ("reference", "cpu", "seconds", "cpu_seconds"),
    [
        (0.0, None, 2, 4),
        (0.2, None, 2, 4),
        (0.5, None, 5, 10),
        (0.0, 1.0, 2, 1),
        (0.5, 1.0, 5, 5),
        (0.5, 9.0, 5, 9),
    ],
)
def test_nothing_is_cut_off_before_it_took_many_times_what_the_reference_took(reference, cpu, seconds, cpu_seconds):
    plan = replace(PLAN, reference_seconds=reference, limits=replace(PLAN.limits, cpu_seconds=cpu))
    allowed = allowance.of_case(plan)
    assert math.isclose(allowed.seconds, seconds)
    assert math.isclose(allowed.cpu_seconds, cpu_seconds)
    assert allowed.is_widened is (seconds > 2)


SLOW = "times what the reference takes"
OUTSIDE = "look at what stands outside functions"


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Failure.TIME, f"There was no answer within 2 seconds, nor within 10 {SLOW}."),
        (Failure.PROCESSOR, f"The code used more than 4 seconds of processor time, and more than 10 {SLOW}."),
    ],
)
@pytest.mark.parametrize("reference", [0.31, 0.7])
def test_no_word_tells_what_the_reference_took(failure, told, reference):
    allowed = allowance.of_case(replace(PLAN, reference_seconds=reference))
    assert incidents.failed(Exchange(allowed=allowed, failure=failure), 0).message == told


@pytest.mark.parametrize(
    ("failure", "status", "told"),
    [
        (Failure.TIME, 0, f"The file did not run to its end within 1 second: {OUTSIDE}."),
        (Failure.PROCESSOR, 0, f"The file used more than 2 seconds of processor time: {OUTSIDE}."),
        (Failure.LOST, int(signal.SIGXCPU), f"The file used more than 2 seconds of processor time: {OUTSIDE}."),
    ],
)
def test_reading_a_file_has_limits_of_its_own(failure, status, told):
    allowed = allowance.of_loading(replace(PLAN, reference_seconds=9.0), 1.0)
    assert incidents.failed(Exchange(allowed=allowed, failure=failure), status).message == told
