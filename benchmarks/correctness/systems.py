"""Row 2: linear systems of condition 10 to 1e12, solved rightly by six algorithms and wrongly by eight."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, cycle

import torch

from benchmarks.correctness.answers import systems as answers
from benchmarks.correctness.judging import (
    Function,
    Tally,
    arguments,
    as_torch,
    exercise,
    in_dtype,
    is_close,
    judged,
    verdict_of,
)
from benchmarks.correctness.table import Judge, Row
from torchgrade.inputs.draw import cases as drawn_cases
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.kinds import Sandbox
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.tolerance import EPS
from torchgrade.session import Draw, Session

TEXT = """\
schema: 1
title: A linear system
task: Return x with A x = b.
entrypoint: answer
parameters:
  a: {{shape: [n, n], family: invertible, condition: {condition:.1e}, dtype: float64}}
  b: {{shape: [n], dtype: float64}}
dims: {{n: {size}}}
reference:
  formula: solve(a, b)
  function: |
    def answer(a, b): raise NotImplementedError
cases:
  - {{name: any b, draw: {draws}}}
  - {{name: even x, draw: {draws}, parameters: {{b: {{value: a @ (arange(n) + 1) / 3}}}}}}
"""
SIZE = 8
SPARE = 5
"""Rounded to float32, a matrix of condition 1e12 may have no inverse any more: another takes its place."""
DECIDED_BELOW: Mapping[str, float] = {"float32": 1e4, "float64": 1e12}
FIELD = "`assert_close`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One answer to one system: what torchgrade says of it, and what `assert_close` does."""

    condition: float
    case: Case
    answer: str
    error: float
    verdict: Verdict
    field: Verdict

    def __str__(self) -> str:
        return f"{self.answer} at condition {self.condition:.0e}, {self.case.name}: {self.verdict}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """All systems in one dtype; a session knows their exact solutions."""

    session: Session
    dtype: str
    exercises: Mapping[float, Exercise]

    @classmethod
    def of(cls, sandbox: Sandbox, dtype: str, conditions: Sequence[float], draws: int) -> Systems:
        texts = {each: TEXT.format(condition=each, size=SIZE, draws=draws + SPARE) for each in conditions}
        return cls(
            session=Session(sandbox, "correctness", draw=_drawn_in(dtype, draws)),
            dtype=dtype,
            exercises={each: exercise(text, f"solve-{each:.0e}") for each, text in texts.items()},
        )

    def judged(self, functions: Sequence[Function]) -> list[Judged]:
        """Every system, solved by one of the functions; they take turns."""
        asked = list(self.exercises.values())
        found = {function: list(judged(self.session, function, asked)) for function in functions}
        return [
            self._one(condition, case, function, found[function][place][case.name])
            for place, condition in enumerate(self.exercises)
            for case, function in zip(self.session.resolve(asked[place]).cases, cycle(functions), strict=False)
        ]

    def _one(self, condition: float, case: Case, function: Function, verdict: Verdict) -> Judged:
        exact = self._solution(condition, case)
        return Judged(
            condition=condition,
            case=case,
            answer=function.__name__,
            error=_error(function, case, exact),
            verdict=verdict,
            field=verdict_of(is_close(function, arguments(case), exact.to(getattr(torch, self.dtype)))),
        )

    def _solution(self, condition: float, case: Case) -> torch.Tensor:
        """x, exact but for one rounding to float64."""
        truth = self.session.resolve(self.exercises[condition]).truth
        return torch.as_tensor(as_torch(truth[Probe(op=ProbeOp.VALUE, case=case.name)].value["result"].value))


def _error(function: Function, case: Case, exact: torch.Tensor) -> float:
    """How far an answer is from the solution, relative to the greatest component."""
    try:
        answer = torch.as_tensor(function(*arguments(case)))
    except RuntimeError:
        return math.inf
    return float((answer.double() - exact).abs().max() / exact.abs().max())


def _drawn_in(dtype: str, draws: int) -> Draw:
    """Systems drawn in float64 and rounded to `dtype`."""

    def draw(asked: Exercise, seed: str) -> tuple[Case, ...]:
        rounded = [in_dtype(case, dtype) for case in drawn_cases(asked, seed)]
        solvable = [case for case in rounded if _is_solvable(case)]
        groups = [[case for case in solvable if case.group == group] for group in ("any b", "even x")]
        return tuple(chain.from_iterable(zip(*groups, strict=False)))[:draws]

    return draw


def _is_solvable(case: Case) -> bool:
    """Whether elimination gets to its end, exactly and in the dtype of the case."""
    matrix = torch.as_tensor(arguments(case)[0])
    return math.isfinite(_condition(case)) and not torch.linalg.inv_ex(matrix).info


def _condition(case: Case) -> float:
    """In the norm of NUMERICS, decision 1."""
    matrix = torch.as_tensor(arguments(case)[0]).double()
    return float(torch.linalg.cond(matrix, p=float("inf")))


def rows(sandbox: Sandbox, conditions: Sequence[float], draws: int) -> Iterator[Row]:
    """Two rows for each dtype: answers that are plainly wrong, and answers that are a little off."""
    for dtype, limit in DECIDED_BELOW.items():
        systems = Systems.of(sandbox, dtype, conditions, draws)
        right, wrong, fine = (systems.judged(each) for each in (answers.RIGHT, answers.WRONG, answers.A_LITTLE_OFF))
        row = _row(dtype, right, wrong)
        unmet = (*rejected(right), *accepted(wrong), *undecided([*right, *wrong], dtype))
        yield replace(row, must=f"0 and 0; undecided from κ = {limit:.0e} on only", faults=unmet)
        row = replace(_row(dtype, right, fine), experiment="linear systems, a little off")
        unmet = (*rejected(right), *told_apart(fine, dtype))
        yield replace(row, must="0 and none farther than 4 n κ eps", faults=unmet)


def _row(dtype: str, right: Sequence[Judged], wrong: Sequence[Judged]) -> Row:
    return Row(
        experiment="linear systems",
        dtype=dtype,
        field=Judge(name=FIELD, right=Tally.of(e.field for e in right), wrong=Tally.of(e.field for e in wrong)),
        ours=Judge(
            name="torchgrade", right=Tally.of(e.verdict for e in right), wrong=Tally.of(e.verdict for e in wrong)
        ),
        must="",
    )


def rejected(right: Sequence[Judged]) -> Iterator[str]:
    """Right answers that are neither accepted nor undecided."""
    fine = (Verdict.ACCEPTED, Verdict.UNDECIDED)
    return (f"right answer: {each}" for each in right if each.verdict not in fine)


def accepted(wrong: Sequence[Judged]) -> Iterator[str]:
    """Wrong answers that are accepted."""
    return (f"wrong answer: {each}" for each in wrong if each.verdict is Verdict.ACCEPTED)


def undecided(found: Sequence[Judged], dtype: str) -> Iterator[str]:
    """Cases that are undecided where the condition number lets right and wrong be told apart."""
    early = (each for each in found if each.condition < DECIDED_BELOW[dtype])
    return (f"too early: {each}" for each in early if each.verdict is Verdict.UNDECIDED)


def told_apart(wrong: Sequence[Judged], dtype: str) -> Iterator[str]:
    """Accepted answers farther from the solution than right algorithms may be (NUMERICS, decision 1).

    The rule for formulas in general comes on top of 4 n κ eps, and adds less than a quarter of it.
    """
    for each in wrong:
        reach = 4 * SIZE * _condition(each.case) * EPS[dtype]
        if each.verdict is Verdict.ACCEPTED and each.error > 1.25 * reach:
            yield f"wrong answer: {each}, off by {each.error:.1e} where 4 n κ eps = {reach:.1e}"
