"""Row 4: right values with a spoilt gradient, on every exercise of the bank that asks for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.correctness.judging import Tally, as_torch, handed_in, is_close, verdict_of
from benchmarks.correctness.table import Judge, Row
from torchgrade.authoring.forced import in_dtype
from torchgrade.authoring.rights import reference_text
from torchgrade.authoring.sabotage import SABOTAGES, sabotaged
from torchgrade.grading.resolved import Resolved
from torchgrade.grading.solutions import solution_source
from torchgrade.model.exercise import Exercise
from torchgrade.model.kinds import Sandbox
from torchgrade.model.observation import Measured, Snapshot
from torchgrade.model.probe import ProbeOp
from torchgrade.model.target import Target
from torchgrade.model.value import Tensor, Value
from torchgrade.model.verdict import Verdict, worst
from torchgrade.numeric.structure import unpack
from torchgrade.session import Session
from torchgrade.spec.load import load_bank

BANK = Path(__file__).parents[2] / "exercises"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One submission to one exercise: what torchgrade says of it, and what a comparison of values does."""

    exercise: str
    sabotage: str
    verdict: Verdict
    values: Verdict
    field: Verdict

    @property
    def is_fault(self) -> bool:
        """The values are right always; the gradient is right unless it was sabotaged."""
        wanted = Verdict.WRONG_ANSWER if self.sabotage else Verdict.ACCEPTED
        return self.verdict is not wanted or self.values is not Verdict.ACCEPTED

    def __str__(self) -> str:
        return f"{self.sabotage or 'the reference'} in {self.exercise}: {self.verdict}, its values {self.values}"


def with_gradients(limit: int | None = None) -> Sequence[Exercise]:
    """The exercises of the bank that have a gradient check; the first `limit` of them."""
    exercises, faults = load_bank(BANK)
    if faults:
        raise RuntimeError(f"{len(faults)} faults in {BANK}, first: {faults[0]}")
    return [each for each in exercises if any(check.kind == "gradient" for check in each.checks)][:limit]


def rows(sandbox: Sandbox, exercises: Sequence[Exercise]) -> Iterator[Row]:
    """All cases in one dtype, then in the other."""
    for dtype in ("float32", "float64"):
        session = Session(sandbox, "correctness", draw=in_dtype(dtype))
        right = [_judged(session, each, "") for each in exercises]
        wrong = [_judged(session, each, sabotage) for each in exercises for sabotage in SABOTAGES]
        yield Row(
            experiment=f"{', '.join(SABOTAGES)} gradients in {len(exercises)} exercises",
            dtype=dtype,
            field=_tallied("`assert_close` of the values", *([each.field for each in some] for some in (right, wrong))),
            ours=_tallied("torchgrade", *([each.verdict for each in some] for some in (right, wrong))),
            must="0 and 0",
            faults=tuple(str(each) for each in (*right, *wrong) if each.is_fault),
        )


def _tallied(name: str, right: Iterable[Verdict], wrong: Iterable[Verdict]) -> Judge:
    return Judge(name=name, right=Tally.of(right), wrong=Tally.of(wrong))


def _judged(session: Session, exercise: Exercise, sabotage: str) -> Judged:
    """The reference, or what a sabotage makes of it."""
    text = solution_source(reference_text(exercise), "answer.py").text
    code = handed_in(sabotaged(text, exercise.entrypoint, sabotage) if sabotage else text, sabotage or "right")
    attempt = session.attempt(code, exercise)
    if attempt.verdict in (Verdict.JUDGE_ERROR, Verdict.INVALID_SUBMISSION):
        raise RuntimeError(f"{sabotage} in {exercise.id}: {attempt.checks[0].findings[0].feedback}")
    resolved = session.resolve(exercise)
    (measured,) = session.measure(code.source, resolved.plan)
    return Judged(
        exercise=exercise.id,
        sabotage=sabotage,
        verdict=attempt.verdict,
        values=worst(check.verdict for check in attempt.checks if check.kind != "gradient"),
        field=verdict_of(_values_are_close(resolved, measured)),
    )


def _values_are_close(resolved: Resolved, measured: Measured) -> bool:
    """What is left to see for who compares every returned tensor with the right one and looks no further."""
    for probe, observed in measured.observations.items():
        if probe.op is not ProbeOp.VALUE or probe not in resolved.truth or not isinstance(observed, Snapshot):
            continue  # the repeat of the first case has no truth of its own
        returned = unpack(observed.returned, tuple(resolved.exercise.returns))
        if isinstance(returned, str):
            return False
        targets = resolved.truth[probe].value
        if not all(_is_close(returned[name], targets[name]) for name in returned.keys() & targets.keys()):
            return False
    return True


def _is_close(observed: Value, target: Target) -> bool:
    if not isinstance(observed, Tensor) or not isinstance(target.value, Tensor):
        return True
    found, right = torch.as_tensor(as_torch(observed)), torch.as_tensor(as_torch(target.value))
    return is_close(lambda: found, (), right.to(found.dtype))
