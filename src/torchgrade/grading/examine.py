"""Every check on every case it looks at."""

from __future__ import annotations

from dataclasses import dataclass

from torchgrade.checks.outcomes import judged_dtype
from torchgrade.grading.plan import case_checks
from torchgrade.grading.resolved import Resolved
from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.finding import Evidence, Judgement
from torchgrade.model.observation import Measured
from torchgrade.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One check on one case (None: on the source), judged."""

    check: Check
    case: Case | None
    judgement: Judgement

    @property
    def accepted(self) -> bool:
        return self.judgement.verdict is Verdict.ACCEPTED

    @property
    def dtype(self) -> str:
        """The dtype whose rounding counts."""
        return "float32" if self.case is None else judged_dtype(self.case)


def examine(resolved: Resolved, source: str, measured: Measured) -> tuple[Examined, ...]:
    """The judgements, in the order of the checks and then of the cases; visible cases first."""
    exercise, truth = resolved.exercise, resolved.truth
    ordered = sorted(resolved.cases, key=lambda case: not case.visible)
    looked_at: list[tuple[Check, Case | None]] = [
        (check, case) for case in ordered for check in case_checks(exercise, case)
    ]
    looked_at += [(check, None) for check in exercise.checks if not check.looks_at_cases()]
    looked_at.sort(key=lambda pair: exercise.checks.index(pair[0]))

    def judgement(check: Check, case: Case | None) -> Judgement:
        evidence = Evidence(exercise=exercise, case=case, source=source, observed=measured.observations, targets=truth)
        return check.judge(evidence)

    return tuple(Examined(check=check, case=case, judgement=judgement(check, case)) for check, case in looked_at)
