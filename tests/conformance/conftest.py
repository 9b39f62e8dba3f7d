"""One sandbox for all suites of this folder, at every isolation level there is, and a short way to use it."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from torchgrade.errors import IsolationError
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Limits, Python
from torchgrade.model.isolation import LEVELS
from torchgrade.model.kinds import Sandbox
from torchgrade.model.observation import Derivatives, Incident, Measured, Snapshot
from torchgrade.model.probe import Plan, Probe, ProbeOp, Source, Work
from torchgrade.model.value import Tensor, Value
from torchgrade.sandbox import ISOLATIONS
from torchgrade.sandbox.forking import ForkingSandbox

FORMATS = {"float32": "f", "float64": "d", "int64": "q", "bool": "?", "uint8": "B"}


@dataclass(frozen=True)
class Lab:
    """Makes works and has them measured."""

    sandbox: Sandbox

    @staticmethod
    def tensor(
        numbers: Sequence[float], shape: tuple[int, ...] | None = None, dtype: str = "float32", **flags
    ) -> Tensor:
        data = struct.pack(f"<{len(numbers)}{FORMATS[dtype]}", *numbers)
        return Tensor(dtype=dtype, shape=(len(numbers),) if shape is None else shape, data=data, **flags)

    @staticmethod
    def numbers(tensor: Value | None) -> list[float]:
        assert isinstance(tensor, Tensor), tensor
        letter = FORMATS[tensor.dtype]
        return list(struct.unpack(f"<{len(tensor.data) // struct.calcsize(letter)}{letter}", tensor.data))

    @staticmethod
    def case(name: str, inputs: Mapping[str, Value], visible: bool = True) -> Case:
        return Case(
            name=name,
            group=name,
            origin=Origin.GIVEN,
            visible=visible,
            dtype="float32",
            dims={},
            inputs=inputs,
            expected={},
        )

    @staticmethod
    def plan(
        cases: Sequence[Case],
        probes: Sequence[Probe] | None = None,
        *,
        entrypoint: str = "f",
        returns: tuple[str, ...] = ("result",),
        call: str | None = None,
        limits: Limits | None = None,
    ) -> Plan:
        parameters = tuple(cases[0].inputs)
        if probes is None:
            probes = [Probe(op=ProbeOp.VALUE, case=case.name) for case in cases]
        return Plan(
            entrypoint=entrypoint,
            parameters=parameters,
            returns=returns,
            call=None if call is None else Python(call),
            limits=limits or Limits(),
            cases=tuple(cases),
            probes=tuple(probes),
        )

    def run(self, source: str, *plans: Plan) -> tuple[Measured, ...]:
        return self.sandbox.measure(Work(source=Source(text=source, filename="solution.py"), plans=plans))

    def work(self, source: str, *numbers: float, limits: Limits | None = None) -> Work:
        """One plan, with a case for each number, which is the only one in the case's tensor `x`."""
        cases = [self.case(f"case {place}", {"x": self.tensor([number])}) for place, number in enumerate(numbers)]
        return Work(source=Source(text=source, filename="solution.py"), plans=(self.plan(cases, limits=limits),))

    @staticmethod
    def kinds(measured: Sequence[Measured]) -> list[str]:
        """What became of each probe: the kind of its incident, or `fine`."""
        answers = [answer for each in measured for answer in each.observations.values()]
        return [answer.kind.value if isinstance(answer, Incident) else "fine" for answer in answers]

    def snapshot(self, source: str, inputs: Mapping[str, Value] | None = None, **options) -> Snapshot:
        """One value probe of one case."""
        plan = self.plan([self.case("only", {} if inputs is None else inputs)], **options)
        (answer,) = self.run(source, plan)[0].observations.values()
        assert isinstance(answer, Snapshot), answer
        return answer

    def returned(self, source: str, inputs: Mapping[str, Value] | None = None, **options) -> Value:
        """What one call returned."""
        return self.snapshot(source, inputs, **options).returned

    def derivatives(self, source: str, inputs: Mapping[str, Value], **probe) -> Derivatives:
        """One gradient probe of one case; `call` and `returns` are the plan's."""
        options = {name: probe.pop(name) for name in ("call", "returns") if name in probe}
        probe.setdefault("of", "result")
        probe.setdefault("wrt", tuple(inputs))
        asked = Probe(op=ProbeOp.GRADIENT, case="only", **probe)
        answer = self.run(source, self.plan([self.case("only", inputs)], [asked], **options))[0].observations[asked]
        assert isinstance(answer, Derivatives), answer
        return answer

    def incident(self, source: str, inputs: Mapping[str, Value] | None = None, **options) -> Incident:
        """What stopped the only case."""
        plan = self.plan([self.case("only", {} if inputs is None else inputs)], **options)
        (answer,) = self.run(source, plan)[0].observations.values()
        assert isinstance(answer, Incident), answer
        return answer


@pytest.fixture(scope="session", params=list(ISOLATIONS))
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Each isolation level that is to be had here."""
    with ISOLATIONS[request.param]() as running:
        try:
            running.level  # noqa: B018 - it waits until the level is known to be had
        except IsolationError as refusal:
            pytest.skip(refusal.message)
        yield running


@pytest.fixture(scope="session")
def level(sandbox: Sandbox) -> str:
    return sandbox.level


@pytest.fixture
def fresh(level: str) -> Iterator[ForkingSandbox]:
    """A sandbox of a test's own, to be broken."""
    with ForkingSandbox(LEVELS[level]) as running:
        yield running


@pytest.fixture(scope="session")
def lab(sandbox: Sandbox) -> Lab:
    return Lab(sandbox)
