"""`report.json`: everything about every attempt, without times, so that the same inputs give the same bytes.

Points are rounded to six decimals. What is absent was empty, zero or false.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias, Union, cast

from torchgrade.model.finding import Attempt, Audience, CheckResult, Code, Comparison, Feedback, Finding, Grid
from torchgrade.model.report import ClosedForm, Header, Statement, Total
from torchgrade.writers.totals import Sums, numeric

_LISTED = ("checks", "findings")
_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
Json_: TypeAlias = Union[bool, int, float, str, "list[Json_]", "dict[str, Json_]", None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Json:
    """The record of a run, for staff and machines; its schema is `schemas/report.schema.json`."""

    kind: ClassVar[str] = "json"
    filename: ClassVar[str] = "report.json"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STAFF,)
    audience: Audience = Audience.STAFF

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        yield b'{\n  "schema": 1,\n  "tool": ' + encoded(_tool(header))
        if header.exercises:
            yield b',\n  "exercises": ' + encoded([_statement(each) for each in header.exercises])
        yield b',\n  "attempts": ['
        sums = Sums()
        for number, attempt in enumerate(sums.passing(attempts)):
            yield (b",\n    " if number else b"\n    ") + _object(_attempt(attempt), "    ").encode("utf-8", "replace")
        yield b'\n  ],\n  "totals": ['
        for number, total in enumerate(sums.totals()):
            yield (b",\n    " if number else b"\n    ") + encoded(_total(total), "    ")
        yield b"\n  ]\n}\n"


def encoded(data: Json_, margin: str = "  ") -> bytes:
    """JSON as people can read it, to stand in a document at this margin."""
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    return text.replace("\n", "\n" + margin).encode("utf-8", "replace")


def _object(data: Mapping[str, Json_], margin: str) -> str:
    """An object on one line, but for its checks and their findings, which have a line each."""
    listed = [name for name in _LISTED if name in data]
    if not listed:
        return _line(data)
    fields = (f'"{name}": {_list(value, margin) if name in listed else _line(value)}' for name, value in data.items())
    return "{" + ", ".join(fields) + "}"


def _list(items: Json_, margin: str) -> str:
    inner = f"\n{margin}  "
    lines = (_object(item, margin + "  ") for item in cast("list[dict[str, Json_]]", items))
    return f"[{inner}{f',{inner}'.join(lines)}\n{margin}]" if items else "[]"


def _tool(header: Header) -> Json_:
    return {
        "name": "torchgrade",
        "versions": dict(header.versions),
        "isolation": header.isolation,
        "seed": header.seed,
        "language": header.language,
        **_present(assignment=header.assignment),
    }


def _statement(statement: Statement) -> Json_:
    return {
        "exercise": statement.exercise,
        "title": dict(statement.title.translations),
        "task": dict(statement.task.translations),
        "entrypoint": statement.entrypoint,
        "points": numeric(statement.points),
        **_present(
            formulas=[_closed_form(each) for each in statement.formulas],
            hints=[dict(hint.translations) for hint in statement.hints],
        ),
    }


def _closed_form(form: ClosedForm) -> Json_:
    return {"of": form.of, **_present(wrt=form.wrt), "latex": form.latex}


def _attempt(attempt: Attempt) -> dict[str, Json_]:
    return {
        "submitter": attempt.submitter,
        "exercise": attempt.exercise,
        "verdict": attempt.verdict.value,
        "points": numeric(attempt.points),
        "max_points": numeric(attempt.max_points),
        **_present(bonus=attempt.bonus),
        "mistakes": list(attempt.mistakes),
        "checks": [_check(check) for check in attempt.checks],
        **_present(
            title=dict(attempt.title),
            file=attempt.file,
            part=attempt.part,
            line=attempt.line,
            code=_code(attempt.code) if attempt.code else None,
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
        "points": numeric(check.points),
        "max_points": numeric(check.max_points),
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
            grid=_grid(finding.grid) if finding.grid else None,
            reproduction=finding.reproduction,
            part=finding.part,
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


def _grid(grid: Grid) -> Json_:
    return {
        "shape": list(grid.shape),
        "index": list(grid.index),
        "first": list(grid.first),
        "observed": list(grid.observed),
        "expected": list(grid.expected),
        "error": list(grid.error),
        **_present(allowed=_number(grid.allowed), blocks=list(grid.blocks), block=list(grid.block)),
    }


def _code(code: Code) -> Json_:
    return {"file": code.file, "line": code.line, "text": code.text}


def _total(total: Total) -> Json_:
    return {
        "submitter": total.submitter,
        "points": numeric(total.points),
        "max_points": numeric(total.max_points),
    }


def _number(number: float) -> float | str:
    return number if math.isfinite(number) else str(number)


def _present(**fields: Json_ | Mapping[str, str]) -> dict[str, Json_]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in fields.items() if value}
