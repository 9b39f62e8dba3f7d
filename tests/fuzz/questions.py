"""What the hostile replies answer: exercises whose truth needs no sandbox, and honest answers to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

import numpy as np

from torchgrade.grading.judge import judge
from torchgrade.grading.resolved import Resolved
from torchgrade.model.case import Case
from torchgrade.model.finding import Attempt
from torchgrade.model.observation import Derivatives, Frame, Incident, IncidentKind, Measured, Observation, Snapshot
from torchgrade.model.probe import Probe, ProbeOp, Source
from torchgrade.model.submission import Submission
from torchgrade.model.value import Expression, Opaque, Record, Scalar, ScalarType, Series, Tensor, Value
from torchgrade.numeric.arrays import from_numpy
from torchgrade.sandbox.answers import Answers
from torchgrade.session import Session
from torchgrade.spec.load import load_text

FILES = (
    ("{x: [n]}", "", "formula: x**3", "checks: [value, gradient, {kind: gradient, order: 2}]"),
    (
        "{x: [n], A: [n, n]}",
        "returns: {a: [], b: {shape: [n]}}",
        "formula: {a: sum(x), b: A @ x}",
        (
            "checks: [{kind: value, of: a}, {kind: gradient, of: b}, {kind: property, holds: 'x.after == x and "
            "not shares_memory(b, x) and sum(b) == prod(A @ x)'}, {kind: value, of: b}]"
        ),
    ),
    ("{a: symbol, b: symbol}", "returns: {result: expression}", "formula: 9*a**2 - b", ""),
    ("{x: [n], k: {type: int, range: '1 .. 3'}}", "returns: {result: float}", "formula: k*sum(x)", ""),
    ("{z: {shape: [n], dtype: complex128}}", "", "formula: conj(z)", ""),
    ("{i: {shape: [n], dtype: int64, range: 0 .. 9}}", "returns: {result: {dtype: int64}}", "formula: i % 3", ""),
    ("{x: [n]}", "returns: {result: bool}", "formula: any(x > 0)", ""),
)
"""Parameters, returns, truth and checks."""
FILE = """schema: 1
title: T
task: T
entrypoint: f
parameters: {}
{}
reference:
  {}
  function: "def f(*args): return args"
{}
cases: [{{name: one, {}draw: 1}}]
"""
SUBMISSION = Submission(
    submitter="fuzz", path="f.py", source=Source(text="def f(x):\n    return x\n", filename="f.py"), digest="0" * 64
)
HURT = Incident(
    kind=IncidentKind.EXCEPTION,
    message="division by zero",
    exception="ZeroDivisionError",
    bases=("ArithmeticError", "Exception"),
    frames=(Frame(filename="f.py", line=2, function="f", text="return x"),),
)
UNLOADABLE = Incident(kind=IncidentKind.MISSING_ENTRYPOINT, message="There is no `f`.")


@dataclass(frozen=True, slots=True)
class Question:
    """One case of an exercise, and what is asked of a submission there."""

    resolved: Resolved
    case: Case
    probes: tuple[Probe, ...]

    def judged(self, answers: Answers) -> Attempt:
        """The grade that these answers get."""
        found = dict(zip(self.probes, answers, strict=True))
        observed = {probe: found[replace(probe, case=self.case.name)] for probe in self.resolved.plan.probes}
        return judge(self.resolved, SUBMISSION, Measured(observations=observed), {})


@cache
def questions() -> tuple[Question, ...]:
    """One of each exercise."""
    return tuple(_asked(*parts) for parts in FILES)


def _asked(parameters: str, *rest: str) -> Question:
    text = FILE.format(parameters, *rest, "dims: {n: 2}, " if "[n" in parameters else "")
    exercise = load_text(text, "fuzz.yaml", sha256(text.encode()).hexdigest()[:8])
    exercise = replace(exercise, reference=replace(exercise.reference, function=None))  # it would need a sandbox
    resolved = Session(None, "fuzz").resolve(exercise)
    case = resolved.cases[0]
    return Question(resolved, case, tuple(probe for probe in resolved.plan.probes if probe.case == case.name))


def honest() -> Iterator[Answers]:
    """Answers that fit the questions, and every kind of value as an answer."""
    for question in questions():
        yield tuple(_answer(question, probe) for probe in question.probes)
        yield (HURT,) * len(question.probes)
        for value in values():
            after = dict(question.case.inputs)
            plain = Snapshot(returned=value, after=after)
            yield tuple(plain if each.op is ProbeOp.VALUE else HURT for each in question.probes)
    yield ()
    yield (UNLOADABLE,)


def _answer(question: Question, probe: Probe) -> Observation:
    truth = question.resolved.truth[probe]
    if probe.op is ProbeOp.VALUE:
        returned = [truth.value[name].value for name in question.resolved.exercise.returns if name in truth.value]
        one = returned[0] if len(returned) == 1 else Series(type="tuple", items=tuple(returned))
        return Snapshot(returned=one, after=question.case.inputs)
    product, full = ({name: each.value for name, each in part.items()} for part in (truth.value, truth.full))
    return Derivatives(shape=(2,), product=product, full=full)


def values() -> tuple[Value, ...]:
    """One of each kind."""
    tensor = from_numpy(np.array([1.0, 2.0], dtype=np.float32))
    return (
        *(from_numpy(np.ones((2,)), name) for name in ("bool", "uint8", "bfloat16", "float16", "complex64", "int64")),
        Tensor(dtype="int64", shape=(), data=bytes(8), grad=tensor, requires_grad=True, storage=0, identity=0),
        Scalar(type=ScalarType.INT, value=10**4299),
        Scalar(type=ScalarType.COMPLEX, value=1 - 2j),
        Scalar(type=ScalarType.SYMBOL, value="a"),
        Scalar(type=ScalarType.NONE, value=None),
        Series(type="Pair", items=(tensor, Scalar(type=ScalarType.BOOL, value=True)), names=("a", "b")),
        Record(items=(("a", tensor), ("b", Scalar(type=ScalarType.FLOAT, value=0.5)))),
        Expression(text="9*a**2 - b"),
        Opaque(type="set", reason="not a value"),
    )
