"""Annotations of GitHub Actions: one on the student's line for each lost check, at most ten of a kind.

There are no points in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import PurePosixPath
from typing import ClassVar

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.finding import Attempt, Audience, CheckResult, Finding
from torchgrade.model.labels import check_label
from torchgrade.model.report import Header
from torchgrade.model.said import joined, said, translated
from torchgrade.model.text import FALLBACK
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import command_data, command_property
from torchgrade.writers.words import Loss, losses, words

MOST = 10
CELL = re.compile(r".*\[cell (\d+)\]", re.DOTALL)
MILD = (Verdict.SKIPPED, Verdict.UNDECIDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Github:
    """Workflow commands, for the log of a step."""

    kind: ClassVar[str] = "github"
    filename: ClassVar[str] = "annotations.txt"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT, Audience.STAFF)
    audience: Audience = Audience.STUDENT

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        errors, warnings = _Worst("error", header.language), _Worst("warning", header.language)
        for attempt in attempts:
            for check, told in losses(attempt, self.audience):
                worst = warnings if check.verdict in MILD else errors
                worst.add(attempt, check, told)
        for text in (*errors.annotations(), *warnings.annotations()):
            yield (text + "\n").encode("utf-8", "replace")


class _Worst:
    """The worst losses of a level, of all that were added; no more of them are kept than are shown."""

    def __init__(self, level: str, language: str) -> None:
        self._level = level
        self._language = language
        self._count = 0
        self._worst: list[tuple[int, int, str]] = []

    def add(self, attempt: Attempt, check: CheckResult, lost: Iterable[Loss]) -> None:
        text = self._annotation(attempt, check, lost)
        self._worst = nsmallest(MOST, [*self._worst, (-check.verdict.rank, self._count, text)])
        self._count += 1

    def annotations(self) -> tuple[str, ...]:
        texts = [text for _, _, text in self._worst]
        return at_most(self._level, texts, self._count, self._language)

    def _annotation(self, attempt: Attempt, check: CheckResult, lost: Iterable[Loss]) -> str:
        told = [line for loss in lost for line in _sentences(loss, self._language)]
        found = next((finding for finding in check.findings if finding.line), attempt)
        properties, where = _place(attempt.file, found)
        name = check_label(check.name, self._language)
        title = f"{attempt.exercise}, {name}{translated(where, self._language)}"
        text = "\n".join(told or [words(check.verdict, self._language)])
        return command(self._level, {**properties, "title": title}, text)


def of_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[str, ...]:
    """Annotations for the faults of exercise files."""
    texts = [_of_diagnostic(diagnostic) for diagnostic in diagnostics]
    return at_most("error", texts, len(texts))


def at_most(level: str, annotations: list[str], count: int, language: str = FALLBACK) -> tuple[str, ...]:
    """What GitHub shows of one kind in one step: the last says how many more there are of `count` in all."""
    if count <= MOST:
        return tuple(annotations)
    more = translated(said("{count} more, see the summary", count=count - MOST + 1), language)
    return (*annotations[: MOST - 1], command(level, {"title": "torchgrade"}, more))


def command(level: str, properties: dict[str, str], message: str) -> str:
    """`::error file=…,line=…,title=…::message`; properties that are empty are left out."""
    given = ",".join(f"{name}={command_property(value)}" for name, value in properties.items() if value)
    return f"::{level} {given}::{command_data(message)}"


def _place(file: str, found: Attempt | Finding) -> tuple[dict[str, str], str]:
    """Where GitHub shows it, and what to say of the place: a notebook's lines are not those of its cells."""
    cell = CELL.fullmatch(found.part)
    if cell:
        in_cell = said(", cell {cell}", cell=cell[1])
        return {"file": file}, said(
            ", cell {cell}, line {line}", cell=cell[1], line=found.line
        ) if found.line else in_cell
    path = str(PurePosixPath(file).parent / found.part) if found.part else file
    return {"file": path, "line": str(found.line or "")}, ""


def _sentences(loss: Loss, language: str) -> Iterator[str]:
    for feedback in loss.feedback:
        told = joined("{first} {last}", (feedback.rationale, feedback.help))
        yield f"{loss.place(language)}{translated(told, language)}"
    if more := loss.more(language):
        yield more


def _of_diagnostic(diagnostic: Diagnostic) -> str:
    place = {"file": diagnostic.path, "line": str(diagnostic.line or ""), "col": str(diagnostic.column or "")}
    hint = f"\nhint: {diagnostic.hint}" if diagnostic.hint else ""
    return command("error", {**place, "title": diagnostic.code}, diagnostic.message + hint)
