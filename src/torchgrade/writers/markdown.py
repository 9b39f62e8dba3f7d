"""`report.md`: a table of the class, then a section for each submitter with what students may read.

Points are cut to two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from typing import ClassVar

from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.labels import case_label, check_label
from torchgrade.model.report import Header
from torchgrade.model.said import said, translated
from torchgrade.model.text import FALLBACK
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import fenced, markdown
from torchgrade.writers.totals import scored, shown, totals
from torchgrade.writers.words import WORDS, Loss, elsewhere, losses, mark, observed, title, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown:
    """A report to read on a forge or in a chat: for students, with the class at the top."""

    kind: ClassVar[str] = "markdown"
    filename: ClassVar[str] = "report.md"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT, Audience.STAFF)
    audience: Audience = Audience.STUDENT

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        for block in chain(
            (_heading(header), _class(attempts, header.language)), _sections(header, attempts, self.audience)
        ):
            yield (block + "\n").encode("utf-8", "replace")


def _heading(header: Header) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in header.versions.items())
    graded = said("Graded with {versions}; isolation: {isolation}.", versions=versions, isolation=header.isolation)
    title, line = translated(said("Report"), header.language), markdown(translated(graded, header.language))
    return f"# {title}\n\n{line}\n"


def _class(attempts: Iterable[Attempt], language: str) -> str:
    rows = [
        f"| {markdown(total.submitter)} | {shown(total.points)} | {shown(total.max_points)} |"
        for total in totals(attempts)
    ]
    seen = observed(attempts, language)
    notes = [markdown(seen), ""] if seen else []
    return "\n".join(
        [_columns(language, said("submitter"), said("points"), said("of")), "|---|---:|---:|", *rows, "", *notes]
    )


def _columns(language: str, *names: str) -> str:
    return f"| {' | '.join(translated(name, language) for name in names)} |"


def _sections(header: Header, attempts: Iterable[Attempt], audience: Audience) -> Iterator[str]:
    language = header.language
    columns = _columns(language, said("exercise"), said("verdict"), said("points"))
    for submitter, group in groupby(attempts, key=lambda attempt: attempt.submitter):
        own = tuple(group)
        yield f"## {markdown(submitter)}\n"
        rows = (_row(attempt, language) for attempt in own)
        yield "\n".join([columns, "|---|---|---:|", *rows, ""])
        yield from (_attempt(attempt, audience, language) for attempt in own if attempt.verdict is not Verdict.ACCEPTED)


def _row(attempt: Attempt, language: str) -> str:
    points = f"{shown(attempt.points)} / {shown(attempt.max_points)}"
    verdict = f"{mark(attempt.verdict)} {words(attempt.verdict, language)}"
    return f"| {markdown(title(attempt, language))} | {verdict} | {points} |"


def _attempt(attempt: Attempt, audience: Audience, language: str) -> str:
    lines = [f"### {markdown(title(attempt, language))} (`{attempt.exercise}`)", ""]
    for check, lost in losses(attempt, audience):
        came_out = said(
            "{name}: {verdict}, {points}",
            name=f"**{mark(check.verdict)} {markdown(check_label(check.name, language))}**",
            verdict=WORDS[check.verdict],
            points=scored(check.points, check.max_points, language),
        )
        lines += [translated(came_out, language), ""]
        for loss in lost:
            lines += explained(loss, language)
    if note := elsewhere(attempt, language):
        lines += [markdown(note), ""]
    return "\n".join(lines)


def explained(loss: Loss, language: str = FALLBACK) -> Iterator[str]:
    """What is wrong and what to try, as lines of a list, and code to see it with."""
    place = f"*{markdown(case_label(loss.finding.case, language))}*: " if loss.finding.case else ""
    for feedback in loss.feedback:
        yield f"- {place}{markdown(feedback.rationale)}"
        if feedback.help:
            yield f"  → {markdown(feedback.help)}"
    if more := loss.more(language):
        yield f"- {markdown(more)}"
    yield ""
    if loss.code:
        yield fenced(loss.code, "python")
        yield ""
