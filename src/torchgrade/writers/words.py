"""The words that reports for people share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from torchgrade.grading.audience import for_students
from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback, Finding
from torchgrade.model.labels import case_label, check_label
from torchgrade.model.said import LANGUAGES, joined, said, translated
from torchgrade.model.text import FALLBACK
from torchgrade.model.verdict import Verdict

MARKS = {Verdict.ACCEPTED: "✓", Verdict.SKIPPED: "·", Verdict.UNDECIDED: "?", Verdict.JUDGE_ERROR: "!"}
WORDS = {
    Verdict.ACCEPTED: said("accepted"),
    Verdict.SKIPPED: said("skipped"),
    Verdict.UNDECIDED: said("undecided"),
    Verdict.RULE_VIOLATION: said("rule violation"),
    Verdict.WRONG_ANSWER: said("wrong answer"),
    Verdict.RUNTIME_ERROR: said("runtime error"),
    Verdict.OUTPUT_LIMIT_EXCEEDED: said("output limit exceeded"),
    Verdict.MEMORY_LIMIT_EXCEEDED: said("memory limit exceeded"),
    Verdict.TIME_LIMIT_EXCEEDED: said("time limit exceeded"),
    Verdict.INVALID_SUBMISSION: said("invalid submission"),
    Verdict.JUDGE_ERROR: said("judge error"),
}
FEW = 4
MOST_PRINTED, PRINTED_LINES = 2_000, 24


def mark(verdict: Verdict) -> str:
    """One sign for a verdict; never without the words."""
    return MARKS.get(verdict, "✗")


def words(verdict: Verdict, language: str = FALLBACK) -> str:
    """`wrong_answer` as people write it."""
    return translated(WORDS[verdict], language)


def has_earned_all(check: CheckResult) -> bool:
    """Whether a check lost nothing, for platforms that show points beside `passed`; worth nothing, it must hold."""
    return check.points >= check.max_points if check.max_points else check.verdict is Verdict.ACCEPTED


_CONDITION = said("It holds, but it earns only as much as the answers beside it are right.")
_REQUIRED = said("A check that is required fails, and so this earns nothing.")


def unearned(check: CheckResult, language: str = FALLBACK) -> str:
    """Why a check that holds lost points all the same; nothing if it lost none or does not hold."""
    if check.verdict is not Verdict.ACCEPTED or check.points >= check.max_points:
        return ""
    if check.condition:
        return translated(_CONDITION, language)
    return translated(_REQUIRED, language)


def sentences(lost: Iterable[Loss], language: str = FALLBACK) -> Iterator[str]:
    """What is wrong, and indented under it what to try, as lines of plain text."""
    for loss in lost:
        for feedback in loss.feedback:
            yield f"{loss.place(language)}{feedback.rationale}"
            if feedback.help:
                yield f"  {feedback.help}"
        if more := loss.more(language):
            yield more


def beginning(printed: str) -> str:
    """The beginning of what code printed, and whether there is more."""
    lines = printed[:MOST_PRINTED].splitlines()[:PRINTED_LINES]
    kept = "\n".join(lines)
    return f"{kept}\n…" if len(printed) > len(kept) + 1 else kept


def title(attempt: Attempt, language: str = FALLBACK) -> str:
    """The exercise's title, or its id if it has none."""
    return attempt.title.get(language) or next(iter(attempt.title.values()), attempt.exercise)


def elsewhere(attempt: Attempt, language: str = FALLBACK) -> str:
    """That an exercise's author wrote nothing in this language, as its title tells; empty where there is something."""
    if not attempt.title or language in attempt.title:
        return ""
    told = {"title": title(attempt, language), "language": LANGUAGES.get(language, language)}
    return translated(said("What the author of {title} wrote is not available in {language}.", **told), language)


def named(attempt: Attempt, language: str) -> str:
    """The title, with a word for what is a bonus."""
    name = title(attempt, language)
    return translated(said("{title} (bonus)", title=name), language) if attempt.bonus else name


def observed(attempts: Iterable[Attempt], language: str = FALLBACK) -> str:
    """`Observed, not proven: linalg/solve (rule), …`: the checks that code which lies can pass; empty if none are."""
    names: dict[str, dict[str, None]] = {}
    for attempt in attempts:
        for check in attempt.checks:
            if check.observed:
                names.setdefault(attempt.exercise, {})[check_label(check.name, language)] = None
    listed = ", ".join(f"{exercise} ({', '.join(checks)})" for exercise, checks in names.items())
    return translated(said("Observed, not proven: {checks}.", checks=listed), language) if listed else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Why a check lost points: one case that shows it best, and the others in which the same went wrong."""

    finding: Finding
    feedback: tuple[Feedback, ...]
    others: tuple[str, ...]

    def place(self, language: str = FALLBACK) -> str:
        """`by hand: `, or nothing for a check of the source."""
        return f"{case_label(self.finding.case, language)}: " if self.finding.case else ""

    def more(self, language: str = FALLBACK) -> str:
        """`the same in 2 more cases: one, drawn 1`; `as above, in 3 cases: …` where all has been said; or nothing."""
        return translated(self._more(language), language)

    def _more(self, language: str) -> str:
        others = tuple(case_label(name, language) for name in self.others)
        if self.feedback:
            return said("the same in {cases}", cases=_more_cases(others)) if others else ""
        names = (case_label(self.finding.case, language), *others) if self.finding.case else ()
        return said("as above, in {cases}", cases=_cases(names)) if names else said("as above")

    @property
    def code(self) -> str:
        """Code to see it with; of what has been said, it has been shown."""
        return self.finding.reproduction if self.feedback else ""


def _cases(names: tuple[str, ...]) -> str:
    told = {"count": len(names), "names": _few(names)}
    return said("{count} cases: {names}", **told) if len(names) > 1 else said("{count} case: {names}", **told)


def _more_cases(names: tuple[str, ...]) -> str:
    told = {"count": len(names), "names": _few(names)}
    return said("{count} more cases: {names}", **told) if len(names) > 1 else said("{count} more case: {names}", **told)


def _few(names: tuple[str, ...]) -> str:
    return joined("{first}, {last}", (*names[:FEW], "…" if len(names) > FEW else ""))


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
