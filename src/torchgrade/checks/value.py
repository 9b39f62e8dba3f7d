"""The check of values: what is returned, and what is left in the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from torchgrade.checks.expressions import as_number, compare_expressions, expression_words
from torchgrade.checks.incidents import raised, stopped
from torchgrade.checks.outcomes import (
    NOTHING,
    case_of,
    is_outcome,
    judged_dtype,
    observed_outcomes,
    snapshot_of,
    speaks,
    target_of,
    value_of,
)
from torchgrade.checks.worth import Worth
from torchgrade.errors import FormulaError
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, described
from torchgrade.model.finding import Comparison, Evidence, Judgement, Mismatch, Stage
from torchgrade.model.observation import Incident, IncidentKind, Snapshot
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.said import joined, said
from torchgrade.model.target import Targets
from torchgrade.model.value import Expression, Value
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.compare import compare
from torchgrade.numeric.up_to import UpTo, closest_form
from torchgrade.numeric.words import Words, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCheck(Worth):
    """Compares what was returned, or left in a parameter, with the reference."""

    kind: ClassVar[str] = "value"

    of: str = field(
        default="",
        metadata=described("An outcome, or a formula over results; absent: every outcome of the reference."),
    )
    up_to: UpTo | None = field(default=None, metadata=described("What may differ between two right answers."))
    tolerance: float | None = field(
        default=None,
        metadata=described("Relative to the greatest value; absent: what rounding explains.", exclusiveMinimum=0),
    )

    @property
    def subject(self) -> str:
        """The outcome or formula."""
        return self.of

    def is_condition(self) -> bool:
        """Never: a value is an answer."""
        return False

    def is_observed(self) -> bool:
        """Never: without the answer nobody has its numbers."""
        return False

    def looks_at_cases(self) -> bool:
        """Always."""
        return True

    def probes(self, exercise: Exercise, case: Case) -> tuple[Probe, ...]:
        """The one call that all value and property checks share; none if nothing says what is right here."""
        if case.raises is None and not speaks(exercise, case, self.of):
            return ()
        return (Probe(op=ProbeOp.VALUE, case=case.name),)

    def judge(self, evidence: Evidence) -> Judgement:
        """Every outcome beside its target; the first bad one decides."""
        exercise, case = evidence.exercise, case_of(evidence)
        probe = Probe(op=ProbeOp.VALUE, case=case.name)
        observed = snapshot_of(evidence, probe)
        if case.raises is not None:
            return _raising(observed, case.raises, evidence)
        if isinstance(observed, Incident):
            return stopped(observed, exercise, evidence.source)
        outcomes = observed_outcomes(observed, exercise)
        if isinstance(outcomes, str):
            return misshapen(outcomes)
        targets = evidence.targets.get(probe, Targets(value={}))
        if self.of and not is_outcome(self.of, exercise):
            return self._of_formula(outcomes, targets, exercise, case)
        names = (self.of,) if self.of else exercise.outcomes
        looked_at = [
            self._judged(
                Mismatch(outcome=name, observed=outcomes.get(name, NOTHING), target=targets.value[name]), exercise, case
            )
            for name in names
            if name in targets.value
        ]
        return _worst(looked_at)

    def _of_formula(self, outcomes: Mapping[str, Value], targets: Targets, exercise: Exercise, case: Case) -> Judgement:
        """The formula's value over the observed results, beside its value over the right ones."""
        target = target_of(self.of, targets, exercise, case)
        try:
            observed = value_of(self.of, outcomes, exercise, case)
        except FormulaError as error:
            return uncomputable(self.of, error)
        return self._judged(Mismatch(outcome=self.of, observed=observed, target=target), exercise, case)

    def _judged(self, mismatch: Mismatch, exercise: Exercise, case: Case) -> Judgement:
        name, observed, target = mismatch.outcome, mismatch.observed or NOTHING, mismatch.target
        if name.endswith(".grad") and observed == NOTHING != target.value:
            return _no_gradient(mismatch)
        if isinstance(target.value, Expression):
            comparison = compare_expressions(observed, target.value, exercise, case)
            return _of_comparison(comparison, mismatch, expression_words)
        number = as_number(observed)
        form = number if self.up_to is None else closest_form(number, target.value, self.up_to)
        comparison = compare(form, target, exercise.returns.get(name), judged_dtype(case), self.tolerance)
        return judgement_of(comparison, mismatch)


def judgement_of(comparison: Comparison, mismatch: Mismatch) -> Judgement:
    """A Comparison as a Judgement, with its words."""
    return _of_comparison(comparison, mismatch, sentence)


def _of_comparison(comparison: Comparison, mismatch: Mismatch, worded: Callable[[Comparison, str], Words]) -> Judgement:
    if comparison.stage is Stage.EQUAL:
        return Judgement(verdict=Verdict.ACCEPTED, comparison=comparison)
    words = worded(comparison, mismatch.outcome)
    return Judgement(
        verdict=Verdict.UNDECIDED if comparison.stage is Stage.UNDECIDED else Verdict.WRONG_ANSWER,
        rationale=words.rationale,
        help=words.help,
        values=words.values,
        comparison=replace(comparison, outcome=_path(mismatch.outcome, comparison.outcome)),
        mismatch=mismatch,
    )


def _path(outcome: str, inner: str) -> str:
    return f"{outcome}{inner}" if inner else outcome


def _worst(judgements: Sequence[Judgement]) -> Judgement:
    """The first that is wrong, with the others mentioned; else the first undecided one, else any."""
    if not judgements:
        return Judgement(verdict=Verdict.JUDGE_ERROR, rationale=said("Nothing says what is right here."))
    bad = [judgement for judgement in judgements if judgement.verdict is Verdict.WRONG_ANSWER]
    if len(bad) > 1:
        return replace(bad[0], rationale=joined("{first} {last}", (bad[0].rationale, _also(bad[1:]))))
    return next(iter(bad), max(judgements, key=lambda judgement: judgement.verdict.rank))


def _also(bad: Sequence[Judgement]) -> str:
    names = [f"`{judgement.mismatch.outcome}`" for judgement in bad if judgement.mismatch]
    if len(names) == 1:
        return said("{name} is wrong too.", name=names[0])
    return said("{names} are wrong too.", names=joined("{first} and {last}", names))


def _no_gradient(mismatch: Mismatch) -> Judgement:
    parameter = mismatch.outcome.removesuffix(".grad")
    return Judgement(
        verdict=Verdict.WRONG_ANSWER,
        rationale=said(
            "`{outcome}` is None: backward never reached `{parameter}`.", outcome=mismatch.outcome, parameter=parameter
        ),
        help=said(
            "Call `.backward()` on something computed from `{parameter}` itself, not from a detached copy.",
            parameter=parameter,
        ),
        comparison=Comparison(stage=Stage.TYPE, outcome=mismatch.outcome, observed="None", expected=said("a tensor")),
        mismatch=mismatch,
    )


def misshapen(sentence: str) -> Judgement:
    """The judgement on results that do not even have the form they need."""
    return Judgement(
        verdict=Verdict.WRONG_ANSWER,
        rationale=sentence,
        help=said("Look at how many results you return, and at their types and shapes."),
        comparison=Comparison(stage=Stage.STRUCTURE),
    )


def uncomputable(formula: str, error: FormulaError) -> Judgement:
    """The judgement on results from which a formula has no value."""
    return misshapen(
        said("`{formula}` cannot be computed from what was returned: {why}.", formula=formula, why=error.message)
    )


def _raising(observed: Snapshot | Incident, name: str, evidence: Evidence) -> Judgement:
    """A right answer refuses this case with an exception of that name."""
    if not isinstance(observed, Incident):
        return Judgement(
            verdict=Verdict.WRONG_ANSWER,
            rationale=said("Your code must raise `{name}` here; it returned instead.", name=name),
            help=said("This input has no answer: let torch's own error through, or raise one."),
        )
    if raised(observed, name):
        return Judgement(verdict=Verdict.ACCEPTED)
    judgement = stopped(observed, evidence.exercise, evidence.source)
    if observed.kind is not IncidentKind.EXCEPTION:
        return judgement
    wanted = said("Here it must raise `{name}`.", name=name)
    return replace(judgement, rationale=joined("{first} {last}", (judgement.rationale, wanted)), help="")
