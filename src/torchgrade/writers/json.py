"""`report.json`: everything about every attempt, without times, so that the same inputs give the same bytes.

Points are rounded to six decimals. What is absent was empty, zero or false.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import ClassVar, TypeAlias, Union

from torchgrade.model.finding import Attempt, CheckResult, Comparison, Feedback, Finding
from torchgrade.model.report import Header, Total
from torchgrade.writers.totals import totals

DECIMALS = 6
Json_: TypeAlias = Union[bool, int, float, str, "list[Json_]", "dict[str, Json_]", None]


class Json:
    """The report that machines read; its schema is `schemas/report.schema.json`."""

    kind: ClassVar[str] = "json"
    filename: ClassVar[str] = "report.json"

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        yield b'{\n  "schema": 1,\n  "tool": ' + _bytes(_tool(header)) + b',\n  "attempts": ['
        for number, attempt in enumerate(attempts):
            yield (b",\n    " if number else b"\n    ") + _bytes(_attempt(attempt), margin="    ")
        yield b'\n  ],\n  "totals": ' + _bytes([_total(total) for total in totals(attempts)]) + b"\n}\n"


def _bytes(data: Json_, margin: str = "  ") -> bytes:
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    return text.replace("\n", "\n" + margin).encode("utf-8", "replace")


def _tool(header: Header) -> Json_:
    return {
        "name": "torchgrade",
        "versions": dict(header.versions),
        "isolation": header.isolation,
        "seed": header.seed,
    }


def _attempt(attempt: Attempt) -> Json_:
    return {
        "submitter": attempt.submitter,
        "exercise": attempt.exercise,
        "verdict": attempt.verdict.value,
        "points": _points(attempt.points),
        "max_points": _points(attempt.max_points),
        "mistakes": list(attempt.mistakes),
        "checks": [_check(check) for check in attempt.checks],
        **_present(
            title=dict(attempt.title),
            file=attempt.file,
            line=attempt.line,
            printed=attempt.printed,
            exercise_digest=attempt.exercise_digest,
            submission_digest=attempt.submission_digest,
        ),
    }


def _check(check: CheckResult) -> Json_:
    return {
        "name": check.name,
        "kind": check.kind,
        "verdict": check.verdict.value,
        "points": _points(check.points),
        "max_points": _points(check.max_points),
        **_present(condition=check.condition, observed=check.observed),
        "findings": [_finding(finding) for finding in check.findings],
    }


def _finding(finding: Finding) -> Json_:
    return {
        "case": finding.case,
        "verdict": finding.verdict.value,
        "visible": finding.visible,
        **_present(mistake=finding.mistake, pattern=finding.pattern),
        "feedback": [_feedback(feedback) for feedback in finding.feedback],
        **_present(
            comparison=_comparison(finding.comparison) if finding.comparison else None,
            reproduction=finding.reproduction,
            line=finding.line,
        ),
    }


def _feedback(feedback: Feedback) -> Json_:
    return {"audience": feedback.audience.value, "rationale": feedback.rationale, **_present(help=feedback.help)}


def _comparison(comparison: Comparison) -> Json_:
    return {
        "stage": comparison.stage.value,
        **_present(
            outcome=comparison.outcome,
            mismatched=comparison.mismatched,
            total=comparison.total,
            difference=_number(comparison.difference),
            relative=_number(comparison.relative),
            index=list(comparison.index),
            observed=comparison.observed,
            expected=comparison.expected,
            allowed=_number(comparison.allowed),
        ),
    }


def _total(total: Total) -> Json_:
    return {
        "submitter": total.submitter,
        "points": _points(total.points),
        "max_points": _points(total.max_points),
    }


def _points(points: Fraction) -> float:
    return round(float(points), DECIMALS)


def _number(number: float) -> float | str:
    return number if math.isfinite(number) else str(number)


def _present(**fields: Json_ | Mapping[str, str]) -> dict[str, Json_]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in fields.items() if value}
