"""Annotations of GitHub Actions: one on the student's line for each lost check, at most ten of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.finding import Attempt, CheckResult
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import command_data, command_property
from torchgrade.writers.words import Loss, losses, words

MOST = 10
MILD = (Verdict.SKIPPED, Verdict.UNDECIDED)


class Github:
    """Workflow commands, for the log of a step."""

    kind: ClassVar[str] = "github"
    filename: ClassVar[str] = "annotations.txt"

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        lost = [(attempt, check, said) for attempt in attempts for check, said in losses(attempt)]
        lost.sort(key=lambda each: -each[1].verdict.rank)
        errors = [_annotation("error", *each) for each in lost if each[1].verdict not in MILD]
        warnings = [_annotation("warning", *each) for each in lost if each[1].verdict in MILD]
        for text in (*at_most("error", errors), *at_most("warning", warnings)):
            yield (text + "\n").encode("utf-8", "replace")


def of_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[str, ...]:
    """Annotations for the faults of exercise files."""
    return at_most("error", [_of_diagnostic(diagnostic) for diagnostic in diagnostics])


def at_most(level: str, annotations: list[str]) -> tuple[str, ...]:
    """What GitHub shows of one kind in one step; the last says how many more there are."""
    if len(annotations) <= MOST:
        return tuple(annotations)
    more = len(annotations) - MOST + 1
    return (*annotations[: MOST - 1], command(level, {"title": "torchgrade"}, f"{more} more, see the summary"))


def command(level: str, properties: dict[str, str], message: str) -> str:
    """`::error file=…,line=…,title=…::message`; properties that are empty are left out."""
    given = ",".join(f"{name}={command_property(value)}" for name, value in properties.items() if value)
    return f"::{level} {given}::{command_data(message)}"


def _annotation(level: str, attempt: Attempt, check: CheckResult, lost: Iterable[Loss]) -> str:
    said = [line for loss in lost for line in _sentences(loss)] or [words(check.verdict)]
    number = next((finding.line for finding in check.findings if finding.line), attempt.line)
    place = {"file": attempt.file, "line": str(number or "")}
    return command(level, {**place, "title": f"{attempt.exercise}, {check.name}"}, "\n".join(said))


def _sentences(loss: Loss) -> Iterator[str]:
    for feedback in loss.feedback:
        yield f"{loss.place}{feedback.rationale} {feedback.help}".strip()
    if loss.more:
        yield loss.more


def _of_diagnostic(diagnostic: Diagnostic) -> str:
    place = {"file": diagnostic.path, "line": str(diagnostic.line or ""), "col": str(diagnostic.column or "")}
    hint = f"\nhint: {diagnostic.hint}" if diagnostic.hint else ""
    return command("error", {**place, "title": diagnostic.code}, diagnostic.message + hint)
