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
from torchgrade.model.report import Header
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
        errors, warnings = _Worst("error"), _Worst("warning")
        for attempt in attempts:
            for check, said in losses(attempt, self.audience):
                (warnings if check.verdict in MILD else errors).add(attempt, check, said)
        for text in (*errors.annotations(), *warnings.annotations()):
            yield (text + "\n").encode("utf-8", "replace")


class _Worst:
    """The worst losses of a level, of all that were added; no more of them are kept than are shown."""

    def __init__(self, level: str) -> None:
        self._level = level
        self._count = 0
        self._worst: list[tuple[int, int, str]] = []

    def add(self, attempt: Attempt, check: CheckResult, said: Iterable[Loss]) -> None:
        text = _annotation(self._level, attempt, check, said)
        self._worst = nsmallest(MOST, [*self._worst, (-check.verdict.rank, self._count, text)])
        self._count += 1

    def annotations(self) -> tuple[str, ...]:
        texts = [text for _, _, text in self._worst]
        return at_most(self._level, texts, self._count)


def of_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[str, ...]:
    """Annotations for the faults of exercise files."""
    texts = [_of_diagnostic(diagnostic) for diagnostic in diagnostics]
    return at_most("error", texts, len(texts))


def at_most(level: str, annotations: list[str], count: int) -> tuple[str, ...]:
    """What GitHub shows of one kind in one step: the last says how many more there are of `count` in all."""
    if count <= MOST:
        return tuple(annotations)
    more = count - MOST + 1
    return (*annotations[: MOST - 1], command(level, {"title": "torchgrade"}, f"{more} more, see the summary"))


def command(level: str, properties: dict[str, str], message: str) -> str:
    """`::error file=…,line=…,title=…::message`; properties that are empty are left out."""
    given = ",".join(f"{name}={command_property(value)}" for name, value in properties.items() if value)
    return f"::{level} {given}::{command_data(message)}"


def _annotation(level: str, attempt: Attempt, check: CheckResult, lost: Iterable[Loss]) -> str:
    said = [line for loss in lost for line in _sentences(loss)] or [words(check.verdict)]
    found = next((finding for finding in check.findings if finding.line), attempt)
    properties, where = _place(attempt.file, found)
    return command(level, {**properties, "title": f"{attempt.exercise}, {check.name}{where}"}, "\n".join(said))


def _place(file: str, found: Attempt | Finding) -> tuple[dict[str, str], str]:
    """Where GitHub shows it, and what to say of the place: a notebook's lines are not those of its cells."""
    cell = CELL.fullmatch(found.part)
    if cell:
        return {"file": file}, f", cell {cell[1]}, line {found.line}" if found.line else f", cell {cell[1]}"
    path = str(PurePosixPath(file).parent / found.part) if found.part else file
    return {"file": path, "line": str(found.line or "")}, ""


def _sentences(loss: Loss) -> Iterator[str]:
    for feedback in loss.feedback:
        yield f"{loss.place}{feedback.rationale} {feedback.help}".strip()
    if loss.more:
        yield loss.more


def _of_diagnostic(diagnostic: Diagnostic) -> str:
    place = {"file": diagnostic.path, "line": str(diagnostic.line or ""), "col": str(diagnostic.column or "")}
    hint = f"\nhint: {diagnostic.hint}" if diagnostic.hint else ""
    return command("error", {**place, "title": diagnostic.code}, diagnostic.message + hint)
