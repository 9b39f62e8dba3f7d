"""Every check on every case it looks at."""

from __future__ import annotations

from dataclasses import dataclass

from torchgrade.checks.outcomes import judged_dtype
from torchgrade.grading.repeat import is_repeated, unsteady
from torchgrade.grading.resolved import Resolved
from torchgrade.model.case import Case
from torchgrade.model.check import Check
from torchgrade.model.finding import Evidence, Judgement
from torchgrade.model.observation import Measured, Snapshot
from torchgrade.model.probe import Probe, Source
from torchgrade.model.value import Value
from torchgrade.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One check on one case (None: on the source), judged; `returned` is what a call without derivatives returned."""

    check: Check
    case: Case | None
    judgement: Judgement
    returned: Value | None = None

    @property
    def accepted(self) -> bool:
        return self.judgement.verdict is Verdict.ACCEPTED

    @property
    def dtype(self) -> str:
        """The dtype whose rounding counts."""
        return "float32" if self.case is None else judged_dtype(self.case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a known mistake did in the plan of its exercise, the source that did it, and how it was judged."""

    source: Source
    measured: Measured
    examined: tuple[Examined, ...]


def examine(resolved: Resolved, source: Source, measured: Measured) -> tuple[Examined, ...]:
    """The judgements, in the order of the checks and then of the cases; visible cases first."""

    def judgement(check: Check, case: Case | None, probes: tuple[Probe, ...]) -> Judgement:
        evidence = Evidence(
            exercise=resolved.exercise,
            case=case,
            source=source,
            probes=probes,
            observed=measured.observations,
            targets=resolved.truth,
        )
        judged = check.judge(evidence)
        if judged.verdict is not Verdict.ACCEPTED or case is None or not is_repeated(case, resolved.plan):
            return judged
        return unsteady(check, evidence) or judged

    return tuple(
        Examined(
            check=each.check,
            case=each.case,
            judgement=judgement(each.check, each.case, each.probes),
            returned=_returned(each.probes, measured),
        )
        for each in resolved.questions
    )


def _returned(probes: tuple[Probe, ...], measured: Measured) -> Value | None:
    found = (measured.observations.get(probe) for probe in probes)
    return next((each.returned for each in found if isinstance(each, Snapshot)), None)
