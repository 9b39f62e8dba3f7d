"""The words that reports for people share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from torchgrade.grading.audience import for_students
from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback, Finding
from torchgrade.model.verdict import Verdict

MARKS = {Verdict.ACCEPTED: "✓", Verdict.SKIPPED: "·", Verdict.UNDECIDED: "?", Verdict.JUDGE_ERROR: "!"}
FEW = 4
MOST_PRINTED, PRINTED_LINES = 2_000, 24


def mark(verdict: Verdict) -> str:
    """One sign for a verdict; never without the words."""
    return MARKS.get(verdict, "✗")


def words(verdict: Verdict) -> str:
    """`wrong_answer` as people write it."""
    return verdict.value.replace("_", " ")


def has_earned_all(check: CheckResult) -> bool:
    """Whether a check lost nothing, for platforms that show points beside `passed`; worth nothing, it must hold."""
    return check.points >= check.max_points if check.max_points else check.verdict is Verdict.ACCEPTED


def unearned(check: CheckResult) -> str:
    """Why a check that holds lost points all the same; nothing if it lost none or does not hold."""
    if check.verdict is not Verdict.ACCEPTED or check.points >= check.max_points:
        return ""
    if check.condition:
        return "It holds, but it earns only as much as the answers beside it are right."
    return "A check that is required fails, and so this earns nothing."


def sentences(lost: Iterable[Loss]) -> Iterator[str]:
    """What is wrong, and indented under it what to try, as lines of plain text."""
    for loss in lost:
        for feedback in loss.feedback:
            yield f"{loss.place}{feedback.rationale}"
            if feedback.help:
                yield f"  {feedback.help}"
        if loss.more:
            yield loss.more


def beginning(printed: str) -> str:
    """The beginning of what code printed, and whether there is more."""
    lines = printed[:MOST_PRINTED].splitlines()[:PRINTED_LINES]
    kept = "\n".join(lines)
    return f"{kept}\n…" if len(printed) > len(kept) + 1 else kept


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


def losses(attempt: Attempt, audience: Audience = Audience.STUDENT) -> Iterator[tuple[CheckResult, tuple[Loss, ...]]]:
    """Each check that is not accepted, with its losses; what is said of one check is not said again of the next."""
    said: set[Feedback] = set()
    readable = attempt if audience is Audience.STAFF else for_students(attempt)
    for check in readable.checks:
        if check.verdict is not Verdict.ACCEPTED:
            found = tuple(_losses(check, said))
            said.update(feedback for loss in found for feedback in loss.feedback)
            yield check, found


def _losses(check: CheckResult, said: Collection[Feedback]) -> Iterator[Loss]:
    groups: dict[object, list[Finding]] = {}
    for finding in check.findings:
        if finding.verdict is not Verdict.ACCEPTED and finding.feedback:
            groups.setdefault((finding.verdict, finding.mistake, finding.pattern), []).append(finding)
    for group in groups.values():
        best = next((finding for finding in group if finding.visible), group[0])
        others = tuple(finding.case for finding in group if finding is not best and finding.case)
        told = map(_marked, best.feedback)
        yield Loss(finding=best, feedback=tuple(each for each in told if each not in said), others=others)


def _marked(feedback: Feedback) -> Feedback:
    """A sentence for staff says so wherever it stands."""
    if feedback.audience is Audience.STUDENT:
        return feedback
    return replace(feedback, rationale=f"for staff: {feedback.rationale}")
