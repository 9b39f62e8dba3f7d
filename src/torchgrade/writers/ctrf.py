"""`ctrf.json`, the Common Test Report Format: a test for each check, for the tools that comment on pull requests.

Points are in `extra`, rounded to six decimals as in report.json. There are no times (all of them are 0): they are in
measurements.jsonl, and the same submissions give the same report.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from torchgrade.grading.audience import Readable
from torchgrade.model.finding import Attempt, Audience, CheckResult
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import line, screen
from torchgrade.writers.json import Json_, encoded
from torchgrade.writers.totals import numeric, totals
from torchgrade.writers.words import Loss, beginning, losses, sentences

VERSION = "1.0.0"
STATUSES = {
    Verdict.ACCEPTED: "passed",
    Verdict.SKIPPED: "skipped",
    Verdict.UNDECIDED: "other",
    Verdict.JUDGE_ERROR: "other",
}
COUNTED = ("passed", "failed", "skipped", "pending", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ctrf:
    """One document for a class or for one submitter; https://ctrf.io says what stands where."""

    kind: ClassVar[str] = "ctrf"
    filename: ClassVar[str] = "ctrf.json"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT, Audience.STAFF)
    audience: Audience = Audience.STUDENT

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        tool: Json_ = {"name": "torchgrade", "version": header.versions.get("torchgrade", "")}
        yield f'{{\n  "reportFormat": "CTRF",\n  "specVersion": "{VERSION}",\n  "results": {{\n    '.encode()
        yield b'"tool": ' + encoded(tool, "    ") + b',\n    "tests": ['
        counts: Counter[str] = Counter()
        for attempt in Readable(attempts, self.audience):
            for test in self._tests(header, attempt):
                written = json.dumps(test, ensure_ascii=False).encode("utf-8", "replace")
                yield (b",\n      " if counts.total() else b"\n      ") + written
                counts[str(test["status"])] += 1
        yield b'\n    ],\n    "summary": ' + encoded(_summary(counts), "    ")
        yield b',\n    "extra": ' + encoded(_extra(attempts), "    ") + b"\n  }\n}\n"

    def _tests(self, header: Header, attempt: Attempt) -> Iterator[dict[str, Json_]]:
        lost = {check.name: reasons for check, reasons in losses(attempt, self.audience)}
        suite: list[Json_] = [name for name in (header.assignment, line(attempt.submitter), attempt.exercise) if name]
        is_first = True
        for check in attempt.checks:
            given = {
                "name": f"{attempt.exercise}::{line(check.name)}",
                "status": STATUSES.get(check.verdict, "failed"),
                "duration": 0,
                "suite": suite,
                "rawStatus": check.verdict.value,
                "filePath": line(attempt.file),
                **_lost(attempt, check, lost.get(check.name, ()), header.language, is_first=is_first),
                "extra": _points(attempt, check),
            }
            is_first = is_first and check.name not in lost
            yield {name: value for name, value in given.items() if value not in ("", [])}


def _lost(
    attempt: Attempt, check: CheckResult, lost: Iterable[Loss], language: str, *, is_first: bool
) -> dict[str, Json_]:
    """Why; the code and what it printed stand beside the first check that is lost."""
    reasons = tuple(lost)
    if not reasons:
        return {}
    code = attempt.code.text if attempt.code and is_first else ""
    return {
        "message": screen("\n".join(sentences(reasons, language))),
        "trace": screen("\n".join(loss.code for loss in reasons if loss.code)),
        "line": next((finding.line for finding in check.findings if finding.line), attempt.line),
        "snippet": screen(code),
        "stdout": list(screen(beginning(attempt.printed)).splitlines()) if is_first else [],
    }


def _points(attempt: Attempt, check: CheckResult) -> Json_:
    flags = {"bonus": attempt.bonus, "observed": check.observed}
    told: dict[str, Json_] = {name: True for name, is_set in flags.items() if is_set}
    return {"points": numeric(check.points), "max_points": numeric(check.max_points), **told}


def _summary(counts: Counter[str]) -> Json_:
    return {"tests": counts.total(), **{name: counts[name] for name in COUNTED}, "start": 0, "stop": 0}


def _extra(attempts: Iterable[Attempt]) -> Json_:
    return {
        "totals": [
            {"submitter": line(each.submitter), "points": numeric(each.points), "max_points": numeric(each.max_points)}
            for each in totals(attempts)
        ]
    }
