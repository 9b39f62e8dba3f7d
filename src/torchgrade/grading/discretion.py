"""What an assignment lets students know: of hidden cases all, the verdict or nothing; and hints, the later the more.

What is kept from students stays in the attempt for staff. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from torchgrade.model.assignment import Hidden, Policy
from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback, Finding
from torchgrade.model.said import said, translated
from torchgrade.model.text import FALLBACK, Text
from torchgrade.model.verdict import Verdict

_FAILS = said("This fails in a hidden case. Nothing more is told of it.")


def withheld(attempt: Attempt, hidden: Hidden, language: str = FALLBACK) -> Attempt:
    """The attempt as students of this policy may see it; its verdicts and points are what they were.

    `verdict` leaves the case and its verdict, `nothing` only what the check lost. Where the file or the lines to look
    at were those of a hidden case, they are left out too.
    """
    if hidden is Hidden.FEEDBACK:
        return attempt
    checks = tuple(_check(check, hidden, language) for check in attempt.checks)
    found = [finding for check in attempt.checks for finding in check.findings if finding.line]
    seen = {(finding.part, finding.line) for finding in found if finding.visible}
    kept = {(finding.part, finding.line) for finding in found if not finding.visible} - seen
    mistakes = tuple(dict.fromkeys(each.mistake for check in checks for each in check.findings if each.mistake))
    told = replace(attempt, checks=checks, mistakes=mistakes)
    return replace(told, part="", line=0, code=None) if (attempt.part, attempt.line) in kept else told


def hinted(attempt: Attempt, hints: Sequence[Text], policy: Policy, number: int, language: str = FALLBACK) -> Attempt:
    """The attempt of a student's `number`th submission with the hints that are due: one, then one more each time."""
    first = policy.hints_after
    if first is None or number < first or attempt.verdict is Verdict.ACCEPTED:
        return attempt
    given = [hint.to(language) for hint in hints[: number - first + 1]]
    place = next((at for at, check in enumerate(attempt.checks) if check.verdict is not Verdict.ACCEPTED), None)
    if not given or place is None:
        return attempt
    feedback = tuple(
        Feedback(audience=Audience.STUDENT, rationale=translated(said("Hint: {hint}", hint=hint), language))
        for hint in given
    )
    found = Finding(case="", verdict=attempt.checks[place].verdict, feedback=feedback)
    check = replace(attempt.checks[place], findings=(*attempt.checks[place].findings, found))
    return replace(attempt, checks=(*attempt.checks[:place], check, *attempt.checks[place + 1 :]))


def _check(check: CheckResult, hidden: Hidden, language: str) -> CheckResult:
    return replace(check, findings=tuple(_finding(finding, hidden, language) for finding in check.findings))


def _finding(finding: Finding, hidden: Hidden, language: str) -> Finding:
    if finding.visible or finding.verdict is Verdict.ACCEPTED:
        return finding
    staff = tuple(replace(each, audience=Audience.STAFF) for each in finding.feedback)
    fails = Feedback(audience=Audience.STUDENT, rationale=translated(_FAILS, language))
    told = (fails, *staff) if hidden is Hidden.VERDICT else staff
    return replace(finding, feedback=told, mistake="", pattern="", comparison=None, part="", line=0)
