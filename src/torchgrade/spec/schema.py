"""The JSON Schemas of exercises and reports: derived from the code, written to `schemas/` for other tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path

from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Total
from torchgrade.spec.derive import Deriver, Schema
from torchgrade.spec.forms import SCHEMAS

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


@cache
def exercise_schema() -> Schema:
    """What an exercise file may say."""
    deriver = Deriver(SCHEMAS)
    schema = deriver.described(Exercise)
    schema.update(deriver.properties(Exercise, schema={"description": "The version of this format.", "const": VERSION}))
    return _top("exercise", "An exercise", schema, deriver)


@cache
def report_schema() -> Schema:
    """What a report.json says."""
    deriver = Deriver({Fraction: lambda _: POINTS, float: lambda _: MEASURED})
    texts: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
    text: Schema = {"type": "string"}
    tool = {"name": text, "versions": texts, "isolation": text, "seed": text}
    properties: Schema = {
        "schema": {"description": "The version of this format.", "const": VERSION},
        "tool": {"description": "What graded, and how.", "type": "object", "properties": tool},
        "attempts": deriver.schema(tuple[Attempt, ...]),
        "totals": deriver.schema(tuple[Total, ...]),
    }
    schema: Schema = {
        "description": "All attempts of a run, in the order submitter, exercise; no times.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": list(properties),
    }
    return _top("report", "A report", schema, deriver)


def _top(name: str, title: str, schema: Schema, deriver: Deriver) -> Schema:
    head: Schema = {"$schema": DIALECT, "$id": f"{HOME}/{name}.schema.json", "title": title}
    return {**head, **schema, "$defs": dict(sorted(deriver.definitions.items()))}


def files() -> Mapping[str, str]:
    """Every schema file: its name and text."""
    schemas = {"exercise.schema.json": exercise_schema(), "report.schema.json": report_schema()}
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in schemas.items()}


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
