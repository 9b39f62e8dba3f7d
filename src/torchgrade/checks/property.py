"""The check of a property: a formula that every right answer fulfils."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from torchgrade.checks.incidents import stopped
from torchgrade.checks.outcomes import case_of, judged_dtype, observed_outcomes, sizes_of, snapshot_of, with_values
from torchgrade.checks.value import misshapen, uncomputable
from torchgrade.checks.worth import Worth
from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import Held, holds, scope_of
from torchgrade.formula.parse import parse
from torchgrade.formula.scope import OF_VALUES, is_structural, names, uses_observed
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise, Formula, described
from torchgrade.model.finding import Comparison, Evidence, Judgement, Stage
from torchgrade.model.observation import Incident
from torchgrade.model.probe import Probe, ProbeOp
from torchgrade.model.said import said
from torchgrade.model.target import Targets
from torchgrade.model.value import Tensor, Value
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import to_numpy
from torchgrade.numeric.compare import against_spec
from torchgrade.numeric.gaps import texts
from torchgrade.numeric.tolerance import EPS
from torchgrade.numeric.words import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyCheck(Worth):
    """Asks whether a formula over parameters and results holds, for answers of which there is more than one."""

    kind: ClassVar[str] = "property"

    holds: Formula = field(
        metadata=described("A formula of parameters (as given; `.after` and `.grad` as left behind) and results.")
    )
    tolerance: float | None = field(
        default=None,
        metadata=described(
            "Of its outermost comparison, relative; absent: what rounding explains.", exclusiveMinimum=0
        ),
    )

    @property
    def subject(self) -> str:
        """The formula."""
        return self.holds

    def is_condition(self) -> bool:
        """True if the formula is about memory, graph or mutation only."""
        return is_structural(parse(self.holds))

    def is_observed(self) -> bool:
        """True if anything in the formula is about memory or the graph, or all of it about mutation."""
        node = parse(self.holds)
        return is_structural(node) or bool(uses_observed(node) - OF_VALUES)

    def looks_at_cases(self) -> bool:
        """Always."""
        return True

    def probes(self, exercise: Exercise, case: Case) -> tuple[Probe, ...]:
        """The one call that all value and property checks share."""
        return (Probe(op=ProbeOp.VALUE, case=case.name),)

    def judge(self, evidence: Evidence) -> Judgement:
        """Whether the formula holds for what was observed."""
        exercise, case = evidence.exercise, case_of(evidence)
        snapshot = snapshot_of(evidence, Probe(op=ProbeOp.VALUE, case=case.name))
        if isinstance(snapshot, Incident):
            return stopped(snapshot, exercise, evidence.source)
        outcomes = observed_outcomes(snapshot, exercise)
        if isinstance(outcomes, str):
            return misshapen(outcomes)
        results = {name: outcomes[name] for name in exercise.returns}
        undeclared = None if self.is_condition() else self._undeclared(results, exercise, case)
        if undeclared is not None:
            return undeclared
        try:
            held = self._held(evidence, results, snapshot.after)
        except FormulaError as error:
            return uncomputable(self.holds, error)
        if not held.decided and not self._is_decided_by_the_truth(evidence, snapshot.after):
            return Judgement(
                verdict=Verdict.UNDECIDED,
                rationale=said("Rounding alone decides here whether `{formula}`.", formula=self.holds),
            )
        return Judgement(verdict=Verdict.ACCEPTED) if held.holds and held.decided else _broken(self.holds, held)

    def _undeclared(self, results: Mapping[str, Value], exercise: Exercise, case: Case) -> Judgement | None:
        """The judgement on the first result in the formula that is not as `returns` declares it, if one is not."""
        for name in names(parse(self.holds)) & results.keys():
            spec = exercise.returns[name]
            comparison = against_spec(results[name], spec, sizes_of(spec, exercise, case))
            if comparison.stage is not Stage.EQUAL:
                words = sentence(comparison, name)
                return Judgement(
                    verdict=Verdict.WRONG_ANSWER,
                    rationale=words.rationale,
                    help=words.help,
                    comparison=replace(comparison, outcome=name),
                )
        return None

    def _held(self, evidence: Evidence, results: Mapping[str, Value], after: Mapping[str, Value]) -> Held:
        exercise, case = evidence.exercise, case_of(evidence)
        scope = with_values(scope_of(exercise, case), results)
        scope = replace(scope, observed={**after, **results})
        return holds(parse(self.holds), scope, EPS[judged_dtype(case)], self.tolerance, results)

    def _is_decided_by_the_truth(self, evidence: Evidence, after: Mapping[str, Value]) -> bool:
        """Whether the right results leave no doubt: then it is the submission's own numbers that do, and no excuse."""
        targets = evidence.targets.get(Probe(op=ProbeOp.VALUE, case=case_of(evidence).name), Targets(value={}))
        right = {name: targets.value[name].value for name in evidence.exercise.returns if name in targets.value}
        try:
            return len(right) == len(evidence.exercise.returns) and self._held(evidence, right, after).decided
        except FormulaError:
            return False


def _broken(formula: str, held: Held) -> Judgement:
    """The judgement with both sides, where they differ most."""
    if held.problem:
        return misshapen(said("This does not hold: `{formula}`; {why}.", formula=formula, why=held.problem))
    left, right = _texts(_element(held.left, held.index), _element(held.right, held.index))
    place = said(" at index {index}", index=str(held.index)) if held.index else ""
    sides = said("The left side is {left}, the right side {right}{where}.", left=left, right=right, where=place)
    return Judgement(
        verdict=Verdict.WRONG_ANSWER,
        rationale=said("This does not hold: `{formula}`.", formula=formula),
        help=said("Compute both sides from what your function returns, and compare."),
        values=sides if left and right else "",
        comparison=Comparison(
            stage=Stage.NUMBERS,
            outcome=formula,
            difference=held.difference,
            index=held.index,
            observed=left,
            expected=right,
            allowed=held.allowed,
        ),
    )


def _texts(left: complex | None, right: complex | None) -> tuple[str, str]:
    """Both sides with as many digits as tell them apart; a side that there is not is empty."""
    return ("", "") if left is None or right is None else texts(left, right)


def _element(side: Tensor | None, index: tuple[int, ...]) -> complex | None:
    """A side at an index; a side with fewer axes is the same along those it lacks."""
    if side is None:
        return None
    array = to_numpy(side)
    place = tuple(
        min(position, size - 1) for position, size in zip(index[len(index) - array.ndim :], array.shape, strict=False)
    )
    return array[place].item() if len(place) == array.ndim and array.size else None
