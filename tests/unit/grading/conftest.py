"""One exercise to grade, and what submissions to it would measure: no sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.gradient import GradientCheck
from torchgrade.checks.value import ValueCheck
from torchgrade.grading.plan import plan
from torchgrade.grading.truth import truth
from torchgrade.model.case import Case, Origin
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise, Formula, Mistake, Python, Spec, Truth
from torchgrade.model.observation import Derivatives, Incident, Measured, Observation, Snapshot
from torchgrade.model.probe import Probe, ProbeOp, Source
from torchgrade.model.submission import Submission
from torchgrade.model.target import Targets
from torchgrade.model.text import Text
from torchgrade.model.value import Tensor
from torchgrade.numeric.arrays import from_numpy, to_numpy
from torchgrade.numeric.tape import read

Answer = Callable[[np.ndarray], np.ndarray]


def tensor(numbers: object, dtype: str = "float32") -> Tensor:
    return from_numpy(np.array(numbers, dtype=float), dtype)


def case_of(name: str, numbers: object, *, visible: bool = True, dtype: str = "float32") -> Case:
    value = tensor(numbers, dtype)
    return Case(
        name=name,
        group=name.split()[0],
        origin=Origin.GIVEN if visible else Origin.DRAWN,
        visible=visible,
        dtype=dtype,
        dims={"n": value.shape[0]},
        inputs={"x": value},
        expected={},
    )


CASES = (
    case_of("the book's", [1, 2]),
    case_of("drawn 1", [0.5, -1, 3], visible=False),
    case_of("drawn 2", [2.5, 0.25, -0.75, 4], visible=False, dtype="float64"),
)
CHECKS: tuple[Check, ...] = (ValueCheck(name="value", points=3.0), GradientCheck(name="gradient", points=1.0))
EXERCISE = Exercise(
    id="topic/square",
    digest="e1",
    title=Text((("en", "Square"), ("zh", "平方"))),
    task=Text((("en", "Square it."),)),
    entrypoint="square",
    parameters={"x": Spec(shape=(Formula("n"),))},
    reference=Truth(formula={"result": Formula("x**2")}, function=Python("def square(x): return x * x")),
    checks=CHECKS,
    mistakes=(
        Mistake(
            id="doubled",
            says=Text((("en", "You doubled."),)),
            help=Text((("en", "Square."),)),
            formula={"result": Formula("2*x")},
            worth=0.5,
        ),
    ),
)


@pytest.fixture
def exercise() -> Exercise:
    return EXERCISE


@pytest.fixture
def cases() -> tuple[Case, ...]:
    return CASES


@pytest.fixture
def targets() -> Mapping[Probe, Targets]:
    return truth(EXERCISE, CASES, plan(EXERCISE, CASES).probes, {})


@pytest.fixture
def submission() -> Submission:
    source = Source(text="import torch\n\n\ndef square(x):\n    return x * x\n", filename="s.py")
    return Submission(submitter="alice", path="alice/s.py", source=source, digest="s1")


@pytest.fixture
def measure() -> Callable[..., Measured]:
    """What a submission measures that computes `value` and has the derivative `slope`, elementwise."""

    def measured(value: Answer, slope: Answer, **incidents: Incident) -> Measured:
        made = plan(EXERCISE, CASES)
        by_name = {case.name: case for case in made.cases}
        observations: dict[Probe, Observation | Incident] = {}
        for probe in made.probes:
            given = by_name[probe.case].inputs["x"]
            assert isinstance(given, Tensor)
            stopped = incidents.get(probe.case.replace(" ", "_"))
            observations[probe] = stopped or _observed(probe, given, value, slope)
        return Measured(observations=observations, printed={"the book's": "hello\n", "drawn 1": "secret\n"})

    return measured


def _observed(probe: Probe, given: Tensor, value: Answer, slope: Answer) -> Observation:
    x = to_numpy(given).astype(float)
    if probe.op is ProbeOp.VALUE:
        return Snapshot(returned=tensor(value(x), given.dtype), after={"x": given})
    weights = np.array(read(probe.cotangent, 0, x.size))
    return Derivatives(
        shape=x.shape,
        product={"x": tensor(weights * slope(x), given.dtype)},
        full={"x": tensor(np.diag(slope(x)), given.dtype)},
    )


@pytest.fixture
def changed() -> Callable[..., Exercise]:
    return lambda **fields: replace(EXERCISE, **fields)
