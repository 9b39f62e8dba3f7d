"""The exit codes, the only ones, and the one that says we failed some attempts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from torchgrade.model.said import said, translated
from torchgrade.model.text import FALLBACK

if TYPE_CHECKING:
    from torchgrade.model.finding import Attempt

DONE, GATE_FAILED, REFUSED, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130


def after(attempts: Iterable[Attempt], *, gate_holds: bool, is_complete: bool = True, language: str = FALLBACK) -> int:
    """The exit code of a command that graded; attempts that we failed to grade are listed, and come first."""
    from torchgrade.model.verdict import Verdict
    from torchgrade.writers.escape import line

    failed = [attempt for attempt in attempts if attempt.verdict is Verdict.JUDGE_ERROR]
    for attempt in failed:
        reason = line(f"{attempt.submitter}, {attempt.exercise}: {translated(_reason(attempt), language)}")
        click.echo(translated(said("our fault, please report it: {reason}", reason=reason), language), err=True)
    if failed:
        return OUR_FAULT
    if not is_complete:
        return REFUSED
    return DONE if gate_holds else GATE_FAILED


def _reason(attempt: Attempt) -> str:
    """What staff is told, but nothing of hidden cases: students see this too, and a submission can claim our fault."""
    from torchgrade.model.finding import Audience

    found = (finding for check in attempt.checks for finding in check.findings if finding.visible)
    told = (
        feedback.rationale for finding in found for feedback in finding.feedback if feedback.audience is Audience.STAFF
    )
    return next(told, said("in a case that is hidden; report.json tells staff more"))
