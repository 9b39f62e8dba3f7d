"""The words that reports for people share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback, Finding
from torchgrade.model.verdict import Verdict

MARKS = {Verdict.ACCEPTED: "✓", Verdict.SKIPPED: "·", Verdict.UNDECIDED: "?", Verdict.JUDGE_ERROR: "!"}
FEW = 4


def mark(verdict: Verdict) -> str:
    """One sign for a verdict; never without the words."""
    return MARKS.get(verdict, "✗")


def words(verdict: Verdict) -> str:
    """`wrong_answer` as people write it."""
    return verdict.value.replace("_", " ")


def title(attempt: Attempt, language: str = "en") -> str:
    """The exercise's title, or its id if it has none."""
    return attempt.title.get(language) or next(iter(attempt.title.values()), attempt.exercise)


def observed(attempts: Iterable[Attempt]) -> str:
    """`Observed, not proven: linalg/solve (rule), …`: the checks that code which lies can pass; empty if none are."""
    names: dict[str, dict[str, None]] = {}
    for attempt in attempts:
        for check in attempt.checks:
            if check.observed:
                names.setdefault(attempt.exercise, {})[check.name] = None
    listed = ", ".join(f"{exercise} ({', '.join(checks)})" for exercise, checks in names.items())
    return f"Observed, not proven: {listed}." if listed else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Why a check lost points: one case that shows it best, and the others in which the same went wrong."""

    finding: Finding
    feedback: tuple[Feedback, ...]
    others: tuple[str, ...]

    @property
    def place(self) -> str:
        """`by hand: `, or nothing for a check of the source."""
        return f"{self.finding.case}: " if self.finding.case else ""

    @property
    def more(self) -> str:
        """`the same in 2 more cases: one, drawn 1`; `as above, in 3 cases: …` where all has been said; or nothing."""
        if self.feedback:
            return f"the same in {_cases(self.others, 'more ')}" if self.others else ""
        names = (self.finding.case, *self.others) if self.finding.case else ()
        return f"as above, in {_cases(names)}" if names else "as above"

    @property
    def code(self) -> str:
        """Code to see it with; of what has been said, it has been shown."""
        return self.finding.reproduction if self.feedback else ""


def _cases(names: tuple[str, ...], more: str = "") -> str:
    few = ", ".join(names[:FEW]) + (", …" if len(names) > FEW else "")
    return f"{len(names)} {more}case{'s' if len(names) > 1 else ''}: {few}"


def losses(attempt: Attempt) -> Iterator[tuple[CheckResult, tuple[Loss, ...]]]:
    """Each check that is not accepted, with its losses; what is said of one check is not said again of the next."""
    said: set[Feedback] = set()
    for check in attempt.checks:
        if check.verdict is not Verdict.ACCEPTED:
            found = tuple(_losses(check, said))
            said.update(feedback for loss in found for feedback in loss.feedback)
            yield check, found


def _losses(check: CheckResult, said: Collection[Feedback]) -> Iterator[Loss]:
    groups: dict[object, list[Finding]] = {}
    for finding in check.findings:
        if finding.verdict is not Verdict.ACCEPTED:
            groups.setdefault((finding.verdict, finding.mistake, finding.pattern), []).append(finding)
    for group in groups.values():
        best = next((finding for finding in group if finding.visible), group[0])
        told = (feedback for feedback in best.feedback if feedback.audience is Audience.STUDENT)
        others = tuple(finding.case for finding in group if finding is not best and finding.case)
        yield Loss(finding=best, feedback=tuple(each for each in told if each not in said), others=others)
