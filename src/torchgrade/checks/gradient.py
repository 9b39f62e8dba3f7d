"""The check of derivatives, through autograd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import ClassVar

import numpy as np

from torchgrade.checks.derivatives import floating_results, is_kinked, one_sided, seeds
from torchgrade.checks.incidents import stopped
from torchgrade.checks.outcomes import (
    case_of,
    derivatives_of,
    is_floating,
    judged_dtype,
    observed_outcomes,
    speaks,
)
from torchgrade.checks.value import judgement_of
from torchgrade.checks.worth import Worth
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, described
from torchgrade.model.finding import Comparison, Evidence, Judgement, Mismatch, Stage
from torchgrade.model.observation import Derivatives, Incident, Snapshot
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.said import said
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Tensor
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import Array, is_dtype, magnitude, to_floats, to_numpy
from torchgrade.numeric.compare import compare
from torchgrade.numeric.structure import shape_text
from torchgrade.numeric.tape import cotangent
from torchgrade.numeric.tolerance import EPS

FULL = 32
"""The Jacobian is measured row by row if the result has at most so many elements,"""
FULL_AGAIN = 12
"""and a higher derivative if there are at most so many of the order below."""
_LOOSE = 1024
_NAMES: Mapping[int, str] = {
    1: said("gradient"),
    2: said("second derivative"),
    3: said("third derivative"),
}
_FULL_NAMES: Mapping[int, str] = {1: said("Jacobian"), 2: said("Hessian"), 3: said("third derivatives")}
_NUMBERS_HELP = said(
    "A value can be right while its derivative is not: look for a detached part, a change in place, or the backward "
    "you wrote yourself."
)
_WRONG_HELP = said("The value itself is wrong: put that right first, and look at the derivative again.")
_PLAIN_HELP = said("Let `backward` return plain tensors of the dtype of what it is given.")
_NO_TENSOR_HELP = said("Return a tensor that was computed from the parameters.")
_DETACHED_HELP = said(
    "Something on the way cuts the graph: `.detach()`, `.data`, `.item()`, `torch.no_grad()`, `torch.tensor(…)` of a "
    "tensor, or numpy."
)


class AtKink(StrEnum):
    """What is asked of a derivative where there is none."""

    AVOID = "avoid"
    ANY = "any"
    TORCH = "torch"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientCheck(Worth):
    """Differentiates the answer with autograd and compares with the exact derivative; the full Jacobian where small."""

    kind: ClassVar[str] = "gradient"

    of: str = field(
        default="",
        metadata=described("A result, or a formula that is linear in results; absent: every floating result."),
    )
    wrt: tuple[str, ...] = field(
        default=(), metadata=described("Parameters to differentiate in; absent: all floating tensors.")
    )
    order: int = field(default=1, metadata=described("How often to differentiate.", minimum=1, maximum=3))
    tolerance: float | None = field(
        default=None,
        metadata=described("Relative to the greatest value; absent: what rounding explains.", exclusiveMinimum=0),
    )
    at_kink: AtKink = field(
        default=AtKink.AVOID,
        metadata=described("Where there is no derivative: never go there, accept any one-sided value, or torch's."),
    )

    @property
    def subject(self) -> str:
        """What is differentiated, in what and how often."""
        order = f" order {self.order}" if self.order > 1 else ""
        return " ".join(part for part in (self.of, ", ".join(self.wrt)) if part) + order

    def is_condition(self) -> bool:
        """Never: a derivative is an answer."""
        return False

    def is_observed(self) -> bool:
        """Never: without the answer nobody has its numbers."""
        return False

    def looks_at_cases(self) -> bool:
        """Always."""
        return True

    def probes(self, exercise: Exercise, case: Case) -> tuple[Probe, ...]:
        """One measurement for each result that is differentiated; none at a kink that is to be avoided."""
        wrt = tuple(name for name in self.wrt or case.inputs if is_floating(case.inputs[name]))
        of = (self.of,) if self.of else floating_results(exercise, case)
        spoken = tuple(name for name in of if speaks(exercise, case, name))
        if not wrt or (self.at_kink is AtKink.AVOID and is_kinked(spoken, wrt, exercise, case)):
            return ()
        return tuple(self._probe(name, wrt, exercise, case) for name in spoken)

    def judge(self, evidence: Evidence) -> Judgement:
        """Each derivative beside its target; the first that is wrong decides."""
        judgements = [self._judged(probe, evidence) for probe in evidence.probes]
        wrong = (judgement for judgement in judgements if judgement.verdict is not Verdict.ACCEPTED)
        return max(wrong, key=lambda judgement: judgement.verdict.rank, default=Judgement(verdict=Verdict.ACCEPTED))

    def _probe(self, of: str, wrt: tuple[str, ...], exercise: Exercise, case: Case) -> Probe:
        is_result = of in exercise.returns
        declared = self.order > 1 and exercise.reference.gradient
        tape = cotangent(f"{exercise.id}/{case.name}/{of}/{self.order}")
        return Probe(
            op=ProbeOp.GRADIENT,
            case=case.name,
            of=of,
            wrt=wrt,
            order=self.order,
            cotangent=tape,
            full=0 if declared or not is_result else FULL if self.order == 1 else FULL_AGAIN,
            seeds=() if is_result else seeds(of, exercise, case, tape),
        )

    def _judged(self, probe: Probe, evidence: Evidence) -> Judgement:
        derivatives = derivatives_of(evidence, probe)
        if isinstance(derivatives, Incident):
            return stopped(derivatives, evidence.exercise, evidence.source)
        case = case_of(evidence)
        if self.at_kink is AtKink.ANY and is_kinked((probe.of,), probe.wrt, evidence.exercise, case):
            return _between(derivatives, one_sided(probe, evidence.exercise, case), probe, judged_dtype(case))
        targets = evidence.targets.get(probe, Targets(value={}))
        if not targets.value:
            return Judgement(
                verdict=Verdict.JUDGE_ERROR, rationale=said("Nothing says what this derivative should be.")
            )
        return (
            _unconnected(derivatives, targets, probe)
            or _misshapen(derivatives, probe, evidence)
            or next(self._wrong(derivatives, targets, probe, evidence), Judgement(verdict=Verdict.ACCEPTED))
        )

    def _wrong(self, found: Derivatives, targets: Targets, probe: Probe, evidence: Evidence) -> Iterator[Judgement]:
        """What is not right, product first: it is what `.grad` shows; then the rows of the full derivative."""
        dtype = judged_dtype(case_of(evidence))
        full = {name: target for name, target in targets.full.items() if name in found.full}
        for word, observed, right in (
            (_NAMES[self.order], found.product, targets.value),
            (_FULL_NAMES[self.order], found.full, full),
        ):
            for name, target in right.items():
                value = observed.get(name)
                comparison = None if value is None else compare(value, target, None, dtype, self.tolerance)
                if not (_is_zero(target) if comparison is None else comparison.stage is Stage.EQUAL):
                    mismatch = Mismatch(outcome=_outcome(word, probe, name), observed=value, target=target)
                    yield _told(comparison, mismatch, name, probe, evidence)


def _outcome(kind: str, probe: Probe, parameter: str) -> str:
    return said("{kind} of {of} in {wrt}", kind=kind, of=probe.of, wrt=parameter)


def _told(
    comparison: Comparison | None, mismatch: Mismatch, parameter: str, probe: Probe, evidence: Evidence
) -> Judgement:
    """The judgement on a wrong derivative; without a comparison there is none at all."""
    if comparison is None:
        return _detached(mismatch, parameter, probe)
    judgement = judgement_of(comparison, mismatch)
    return replace(judgement, help=_advice(probe, evidence)) if comparison.stage is Stage.NUMBERS else judgement


def _advice(probe: Probe, evidence: Evidence) -> str:
    """What to try where the numbers are wrong: a wrong value has a wrong derivative, and comes first."""
    value = Probe(op=ProbeOp.VALUE, case=probe.case)
    target = evidence.targets.get(value, Targets(value={})).value.get(probe.of)
    snapshot = evidence.observed.get(value)
    if target is None or not isinstance(snapshot, Snapshot):
        return _NUMBERS_HELP
    outcomes = observed_outcomes(snapshot, evidence.exercise)
    if isinstance(outcomes, str) or probe.of not in outcomes:
        return _WRONG_HELP
    comparison = compare(outcomes[probe.of], target, None, judged_dtype(case_of(evidence)))
    return _NUMBERS_HELP if comparison.stage is Stage.EQUAL else _WRONG_HELP


def _between(found: Derivatives, bounds: Mapping[str, tuple[Array, Array]], probe: Probe, dtype: str) -> Judgement:
    """At a kink every element must lie between its one-sided derivatives; unconnected means 0."""
    for name, (low, high) in bounds.items():
        observed = found.product.get(name)
        array = to_floats(to_numpy(observed)) if observed else np.zeros(low.shape)
        slack = _LOOSE * EPS[dtype] * max(magnitude(low), magnitude(high))
        if array.shape != low.shape or not ((low - slack <= array) & (array <= high + slack)).all():
            return Judgement(
                verdict=Verdict.WRONG_ANSWER,
                rationale=said(
                    "The gradient of `{of}` in `{wrt}` is none of its one-sided derivatives here.",
                    of=probe.of,
                    wrt=name,
                ),
                help=said("Here the function has a kink: any value between the slopes on both sides would do."),
            )
    return Judgement(verdict=Verdict.ACCEPTED)


def _is_zero(target: Target) -> bool:
    """Whether a derivative is exactly zero, so that a right answer need not touch the parameter."""
    return isinstance(target.value, Tensor) and not to_numpy(target.value).any()


def _detached(mismatch: Mismatch, parameter: str, probe: Probe) -> Judgement:
    return Judgement(
        verdict=Verdict.WRONG_ANSWER,
        rationale=said(
            "`{of}` is not connected to `{wrt}`: autograd finds no way back from one to the other.",
            of=probe.of,
            wrt=parameter,
        ),
        help=_DETACHED_HELP,
        comparison=Comparison(stage=Stage.TYPE, outcome=mismatch.outcome, observed="None", expected=said("a tensor")),
        mismatch=mismatch,
    )


def _unconnected(found: Derivatives, targets: Targets, probe: Probe) -> Judgement | None:
    """The judgement where nothing could be differentiated at all; right if every derivative is zero anyway."""
    if not found.problem:
        return None
    if all(_is_zero(target) for target in targets.value.values()):
        return Judgement(verdict=Verdict.ACCEPTED)
    name, target = next((name, target) for name, target in targets.value.items() if not _is_zero(target))
    judgement = _detached(
        Mismatch(outcome=_outcome(_NAMES[probe.order], probe, name), observed=None, target=target), name, probe
    )
    problem, _, what = found.problem.partition(": ")
    if problem == "not floating" and is_dtype(what):
        return replace(
            judgement,
            rationale=said(
                "`{of}` has dtype {dtype}; only floating tensors can be differentiated.", of=probe.of, dtype=what
            ),
            help=said("Compute in the dtype of the input: `dtype=x.dtype`, and no `int`."),
        )
    if problem == "not a tensor":
        return replace(
            judgement,
            rationale=said("`{of}` is no tensor, so autograd cannot differentiate it.", of=probe.of),
            help=_NO_TENSOR_HELP,
        )
    if problem == "no plain derivative":
        told = said("The derivative of `{of}` that comes back is no plain tensor, or of an unusual dtype.", of=probe.of)
        return replace(judgement, rationale=told, help=_PLAIN_HELP)
    if problem == "no result":
        return replace(judgement, rationale=said("There is no `{of}` to differentiate.", of=probe.of), help=_WRONG_HELP)
    if problem == "wrong shape" and what in (probe.of, *(result for result, _ in probe.seeds)):
        told = said("`{of}` cannot be computed: `{name}` has the wrong shape.", of=probe.of, name=what)
        return replace(judgement, rationale=told)
    return judgement


def _misshapen(found: Derivatives, probe: Probe, evidence: Evidence) -> Judgement | None:
    """The judgement on a result of another shape than the right one, where a value check says which that is."""
    values = evidence.targets.get(Probe(op=ProbeOp.VALUE, case=probe.case), Targets(value={})).value
    target = values.get(probe.of)
    if target is None or not isinstance(target.value, Tensor) or target.value.shape == found.shape:
        return None
    shapes = Comparison(stage=Stage.SHAPE, observed=shape_text(found.shape), expected=shape_text(target.value.shape))
    return judgement_of(shapes, Mismatch(outcome=probe.of, observed=None, target=target))
