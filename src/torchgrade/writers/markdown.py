"""`report.md`: a table of the class, then a section for each submitter with what students may read.

Points are cut to two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from typing import ClassVar

from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import fenced, markdown
from torchgrade.writers.totals import scored, shown, totals
from torchgrade.writers.words import Loss, losses, mark, observed, title, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown:
    """A report to read on a forge or in a chat: for students, with the class at the top."""

    kind: ClassVar[str] = "markdown"
    filename: ClassVar[str] = "report.md"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT, Audience.STAFF)
    audience: Audience = Audience.STUDENT

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        for block in chain((_heading(header), _class(attempts)), _sections(attempts, self.audience)):
            yield (block + "\n").encode("utf-8", "replace")


def _heading(header: Header) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in header.versions.items())
    return f"# Report\n\nGraded with {markdown(versions)}; isolation: {markdown(header.isolation)}.\n"


def _class(attempts: Iterable[Attempt]) -> str:
    rows = [
        f"| {markdown(total.submitter)} | {shown(total.points)} | {shown(total.max_points)} |"
        for total in totals(attempts)
    ]
    seen = observed(attempts)
    notes = [markdown(seen), ""] if seen else []
    return "\n".join(["| submitter | points | of |", "|---|---:|---:|", *rows, "", *notes])


def _sections(attempts: Iterable[Attempt], audience: Audience) -> Iterator[str]:
    for submitter, group in groupby(attempts, key=lambda attempt: attempt.submitter):
        own = tuple(group)
        yield f"## {markdown(submitter)}\n"
        yield "\n".join(["| exercise | verdict | points |", "|---|---|---:|", *map(_row, own), ""])
        yield from (_attempt(attempt, audience) for attempt in own if attempt.verdict is not Verdict.ACCEPTED)


def _row(attempt: Attempt) -> str:
    points = f"{shown(attempt.points)} / {shown(attempt.max_points)}"
    return f"| {markdown(title(attempt))} | {mark(attempt.verdict)} {words(attempt.verdict)} | {points} |"


def _attempt(attempt: Attempt, audience: Audience) -> str:
    lines = [f"### {markdown(title(attempt))} (`{attempt.exercise}`)", ""]
    for check, lost in losses(attempt, audience):
        points = scored(check.points, check.max_points)
        lines += [f"**{mark(check.verdict)} {markdown(check.name)}**: {words(check.verdict)}, {points}", ""]
        for loss in lost:
            lines += explained(loss)
    return "\n".join(lines)


def explained(loss: Loss) -> Iterator[str]:
    """What is wrong and what to try, as lines of a list, and code to see it with."""
    place = f"*{markdown(loss.finding.case)}*: " if loss.finding.case else ""
    for feedback in loss.feedback:
        yield f"- {place}{markdown(feedback.rationale)}"
        if feedback.help:
            yield f"  → {markdown(feedback.help)}"
    if loss.more:
        yield f"- {markdown(loss.more)}"
    yield ""
    if loss.code:
        yield fenced(loss.code, "python")
        yield ""
