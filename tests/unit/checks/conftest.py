"""Exercises, cases and evidence without a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from torchgrade.model.case import Case, Origin
from torchgrade.model.check import Check
from torchgrade.model.exercise import Exercise, Formula, Python, Spec, Truth
from torchgrade.model.finding import Evidence, Judgement
from torchgrade.model.observation import Incident, Observation
from torchgrade.model.probe import Probe, Source
from torchgrade.model.target import Target, Targets
from torchgrade.model.text import Text
from torchgrade.model.value import Scalar, ScalarType, Tensor, Value
from torchgrade.numeric.arrays import from_numpy, magnitude, to_numpy


def tensor(numbers: object, dtype: str = "float32") -> Tensor:
    return from_numpy(np.array(numbers, dtype=np.float64), dtype)


def target(numbers: object) -> Target:
    value = from_numpy(np.array(numbers, dtype=np.float64))
    return Target(value=value, scale=magnitude(to_numpy(value)))


def number(value: float) -> Scalar:
    return Scalar(type=ScalarType.FLOAT, value=value)


@pytest.fixture
def make_exercise() -> Callable[..., Exercise]:
    def make(
        formula: Mapping[str, str] | None = None,
        returns: Mapping[str, Spec] | None = None,
        parameters: Mapping[str, Spec] | None = None,
        gradient: Mapping[str, str] | None = None,
        function: str | None = None,
        checks: tuple[Check, ...] = (),
    ) -> Exercise:
        return Exercise(
            id="topic/one",
            digest="d",
            title=Text((("en", "One"),)),
            task=Text((("en", "Do it."),)),
            entrypoint="solve",
            parameters={"x": Spec()} if parameters is None else parameters,
            returns={"result": Spec()} if returns is None else returns,
            reference=Truth(
                formula={name: Formula(text) for name, text in (formula or {}).items()},
                gradient={name: Formula(text) for name, text in (gradient or {}).items()},
                function=None if function is None else Python(function),
            ),
            checks=checks,
        )

    return make


@pytest.fixture
def make_case() -> Callable[..., Case]:
    def make(dtype: str = "float32", raises: str | None = None, **inputs: Value) -> Case:
        return Case(
            name="one",
            group="one",
            origin=Origin.GIVEN,
            visible=True,
            dtype=dtype,
            dims={},
            inputs=inputs,
            expected={},
            raises=raises,
        )

    return make


@pytest.fixture
def judge() -> Callable[..., Judgement]:
    def judged(
        check: Check,
        exercise: Exercise,
        case: Case,
        observed: Observation | Incident,
        targets: Targets,
        others: Mapping[Probe, Targets] | None = None,
    ) -> Judgement:
        probes = check.probes(exercise, case)
        return check.judge(
            Evidence(
                exercise=exercise,
                case=case,
                source=Source(text="\n" * 9, filename="s.py"),
                probes=probes,
                observed=dict.fromkeys(probes, observed),
                targets={**dict.fromkeys(probes, targets), **(others or {})},
            )
        )

    return judged
