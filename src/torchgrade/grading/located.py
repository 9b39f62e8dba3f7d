"""Lines of an attempt as people count them: in the cell or module where they stand."""

from __future__ import annotations

from dataclasses import replace

from torchgrade.model.finding import Attempt, CheckResult, Code, Finding
from torchgrade.model.places import place
from torchgrade.model.probe import Source


def located(attempt: Attempt, source: Source) -> Attempt:
    """The attempt, whose lines were counted over all that was handed in."""
    if not source.cells and not source.files:
        return attempt
    part, line = place(source, attempt.line)
    told = replace(attempt, part=part, line=line, checks=tuple(_check(check, source) for check in attempt.checks))
    return told if attempt.code is None else replace(told, code=_code(attempt.code, attempt.line, source))


def _code(code: Code, line: int, source: Source) -> Code:
    """The excerpt, without lines of another cell before the line that it is shown for."""
    lines, (part, number) = code.text.split("\n"), place(source, line)
    others = line - number + 1 - code.line
    if 0 < others < len(lines):
        code = replace(code, line=code.line + others, text="\n".join(lines[others:]))
    part, number = place(source, code.line)
    return replace(code, file=part or code.file, line=number)


def _check(check: CheckResult, source: Source) -> CheckResult:
    return replace(check, findings=tuple(_finding(finding, source) for finding in check.findings))


def _finding(finding: Finding, source: Source) -> Finding:
    part, line = place(source, finding.line)
    return replace(finding, part=part, line=line)
