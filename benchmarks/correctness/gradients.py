"""Row 1: fifteen wrong gradients, and the right ones at 200 inputs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from benchmarks.correctness.answers import gradients as answers
from benchmarks.correctness.judging import Function, Tally, arguments, exercise, judged, verdict_of
from benchmarks.correctness.table import Judge, Row
from torchgrade.model.exercise import Exercise
from torchgrade.model.kinds import Sandbox
from torchgrade.model.verdict import Verdict
from torchgrade.session import Session

TEXT = """\
schema: 1
title: A derivative
task: Return the value; autograd must be able to differentiate it in x.
entrypoint: answer
parameters: {parameters}
reference:
  formula: {formula}
  function: |
    def answer({names}): raise NotImplementedError
cases: [{{draw: {draws}}}]
checks: [{{kind: gradient, wrt: [x], order: {order}}}]
"""
VECTOR = "{x: {shape: [5], dtype: float64}}"
DISTINCT = "{x: {shape: [5], dtype: float64, family: distinct}}"
MATRIX = "{x: {shape: [40], dtype: float64}, w: {shape: [40, 40], dtype: float64, range: -0.25..0.25}}"
MUST = "0 and 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A function, how it is asked for, and what is handed in for it. `ahead` is where gradcheck is run on it: its
    author has no inputs drawn for them, and an absolute value tested at positive numbers is one of the fifteen."""

    formula: str
    right: Function
    wrong: tuple[Function, ...]
    parameters: str = VECTOR
    order: int = 1
    ahead: Callable[[torch.Tensor], torch.Tensor] = torch.Tensor.clone

    def exercise(self, draws: int) -> Exercise:
        text = TEXT.format(
            parameters=self.parameters,
            formula=self.formula,
            names="x, w" if "w:" in self.parameters else "x",
            order=self.order,
            draws=draws,
        )
        return exercise(text, f"gradient-{self.right.__name__}-{self.order}")


PROBLEMS = (
    Problem(
        formula="sin(x)",
        right=answers.sine,
        wrong=(
            answers.off_by_5e_4,
            answers.off_by_15e_4,
            answers.constant_added,
            answers.noisy,
            answers.single_precision_inside,
            answers.cosine,
        ),
    ),
    Problem(formula="sin(x)", right=answers.sine, wrong=(answers.detached_second_order,), order=2),
    Problem(formula="abs(x)", right=answers.absolute, wrong=(answers.slope_one,), ahead=torch.abs),
    Problem(formula="x * x", right=answers.square, wrong=(answers.detached_factor,)),
    Problem(formula="sort(x)", right=answers.ascending, wrong=(answers.rows_swapped,), parameters=DISTINCT),
    Problem(
        formula="tanh(w @ x)",
        right=answers.dense,
        wrong=(answers.entry_off_by_thousandth, answers.entry_off_by_hundredth, answers.entry_off_by_tenth),
        parameters=MATRIX,
    ),
    Problem(formula="1e-4 * sin(x)", right=answers.small_sine, wrong=(answers.small_without_gradient,)),
    Problem(formula="1e-7 * sin(x)", right=answers.tiny_sine, wrong=(answers.tiny_without_gradient,)),
)
Checker = Callable[[Function, tuple[torch.Tensor, ...]], bool]


def _gradcheck(function: Function, inputs: tuple[torch.Tensor, ...]) -> bool:
    return bool(torch.autograd.gradcheck(function, inputs, raise_exception=False))


def _fast(function: Function, inputs: tuple[torch.Tensor, ...]) -> bool:
    return bool(torch.autograd.gradcheck(function, inputs, raise_exception=False, fast_mode=True))


def _gradgradcheck(function: Function, inputs: tuple[torch.Tensor, ...]) -> bool:
    return bool(torch.autograd.gradgradcheck(function, inputs, raise_exception=False))


FIELD: dict[str, Checker] = {
    "`gradcheck`": _gradcheck,
    "`gradcheck(fast_mode=True)`": _fast,
    "`gradgradcheck`": _gradgradcheck,
}


def rows(sandbox: Sandbox, draws: int) -> Iterator[Row]:
    """One row for each way of the field; torchgrade's figures are the same in all."""
    session = Session(sandbox, "correctness")
    ours = _ours(session, draws)
    unmet = faults(ours.right, ours.wrong)
    for name, check in FIELD.items():
        field = _field(session, draws, name, check)
        yield Row(experiment="gradients", dtype="float64", field=field, ours=ours, must=MUST, faults=unmet)


def faults(right: Tally, wrong: Tally) -> tuple[str, ...]:
    """What is not as it must be."""
    missed = right.total - right.accepted
    if not missed and not wrong.accepted:
        return ()
    return (f"{missed} right not accepted, {wrong.accepted} wrong accepted",)


def _ours(session: Session, draws: int) -> Judge:
    """Right answers count at every input, wrong ones as a whole."""
    right: list[Verdict] = []
    wrong: list[Verdict] = []
    for problem in PROBLEMS:
        asked = problem.exercise(draws)
        (found,) = judged(session, problem.right, [asked])
        right += found.values()
        for function in problem.wrong:
            (found,) = judged(session, function, [asked])
            wrong.append(max(found.values(), key=lambda verdict: verdict.rank))
    return Judge(name="torchgrade", right=Tally.of(right), wrong=Tally.of(wrong))


def _field(session: Session, draws: int, name: str, check: Checker) -> Judge:
    """The same on the same inputs; a wrong gradient is accepted if it passes at all of them."""
    right: list[bool] = []
    wrong: list[bool] = []
    for problem in PROBLEMS:
        points = [_point(problem, arguments(case)) for case in session.resolve(problem.exercise(draws)).cases]
        right += [_passes(check, problem.right, point) for point in points]
        wrong += [all(_passes(check, function, point) for point in points) for function in problem.wrong]
    return Judge(name=name, right=Tally.of(map(verdict_of, right)), wrong=Tally.of(map(verdict_of, wrong)))


def _point(problem: Problem, inputs: list[object]) -> tuple[torch.Tensor, ...]:
    x, *others = (torch.as_tensor(value) for value in inputs)
    return problem.ahead(x).requires_grad_(), *others


def _passes(check: Checker, function: Function, point: tuple[torch.Tensor, ...]) -> bool:
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return check(function, point)
