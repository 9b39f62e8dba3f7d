"""The JSON Schemas of exercises, assignments and reports: derived from code, written to `schemas/` for other tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

from torchgrade.model.assignment import Assignment
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Statement, Total
from torchgrade.model.text import Text
from torchgrade.spec.derive import Deriver, Schema
from torchgrade.spec.forms import SCHEMAS as FORMS

VERSION = 1
DIALECT = "https://json-schema.org/draft/2020-12/schema"
HOME = f"https://torchgrade.dev/schemas/v{VERSION}"
POINTS: Schema = {"description": "Points, rounded to six decimals.", "type": "number", "minimum": 0}
MEASURED: Schema = {
    "description": "A number; what JSON cannot write is text.",
    "type": ["number", "string"],
    "if": {"type": "string"},
    "then": {"enum": ["nan", "inf", "-inf"]},
}
_BY_LANGUAGE: Schema = {
    "description": "Text by language.",
    "type": "object",
    "additionalProperties": {"type": "string"},
}


@cache
def exercise_schema() -> Schema:
    """What an exercise file may say."""
    return _of_file(Exercise)


@cache
def assignment_schema() -> Schema:
    """What an assignment file may say."""
    return _of_file(Assignment)


@cache
def report_schema() -> Schema:
    """What a report.json says."""
    texts: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
    text: Schema = {"type": "string"}
    deriver = Deriver({Fraction: lambda _: POINTS, float: lambda _: MEASURED, Text: lambda _: _BY_LANGUAGE})
    tool = {"name": text, "versions": texts, "isolation": text, "seed": text, "language": text, "assignment": text}
    properties: Schema = {
        "schema": {"description": "The version of this format.", "const": VERSION},
        "tool": {"description": "What graded, and how.", "type": "object", "properties": tool},
        "exercises": deriver.schema(tuple[Statement, ...]),
        "attempts": deriver.schema(tuple[Attempt, ...]),
        "totals": deriver.schema(tuple[Total, ...]),
    }
    schema: Schema = {
        "description": "All attempts of a run, in the order submitter, exercise; no times.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": [name for name in properties if name != "exercises"],
    }
    return _top("report", "A report", schema, deriver)


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "assignment": assignment_schema,
    "exercise": exercise_schema,
    "report": report_schema,
}


def _of_file(owner: type) -> Schema:
    deriver = Deriver(FORMS)
    schema = deriver.described(owner)
    schema.update(deriver.properties(owner, schema={"description": "The version of this format.", "const": VERSION}))
    return _top(owner.__name__.lower(), f"An {owner.__name__.lower()}", schema, deriver)


def _top(name: str, title: str, schema: Schema, deriver: Deriver) -> Schema:
    head: Schema = {"$schema": DIALECT, "$id": f"{HOME}/{name}.schema.json", "title": title}
    return {**head, **schema, "$defs": dict(sorted(deriver.definitions.items()))}


def files() -> Mapping[str, str]:
    """Every schema file: its name and text."""
    return {
        f"{name}.schema.json": json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
        for name, schema in SCHEMAS.items()
    }


def check(folder: Path) -> list[str]:
    """The names of files in a folder that are absent or differ from the code."""
    return [name for name, text in files().items() if _read(folder / name) != text]


def write(folder: Path) -> list[str]:
    """Write what is stale; the names of what was written."""
    stale = check(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (folder / name).write_text(files()[name], encoding="utf-8", newline="\n")
    return stale


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
