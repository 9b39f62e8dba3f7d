"""The derived schemas: what they say of the classes, and how their errors are worded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import jsonschema
import pytest

from torchgrade.checks import CHECKS
from torchgrade.model.exercise import described
from torchgrade.spec import faults, schema
from torchgrade.spec.derive import Deriver
from torchgrade.spec.yaml import read


class Colour(StrEnum):
    """A colour."""

    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing."""

    name: str = field(metadata=described("Its name.", minLength=2))
    hidden: int = field(default=0, metadata=described("Not for files.", derived=True))
    colours: tuple[Colour, ...] = ()
    weight: float | None = field(default=None, metadata=described("How heavy.", minimum=0))


def test_a_dataclass_becomes_an_object() -> None:
    deriver = Deriver({})
    assert deriver.schema(Thing) == {"$ref": "#/$defs/Thing"}
    assert deriver.definitions == {
        "Colour": {"description": "A colour.", "enum": ["red"]},
        "Thing": {
            "description": "A thing.",
            "type": "object",
            "properties": {
                "name": {"description": "Its name.", "type": "string", "minLength": 2},
                "colours": {"type": "array", "items": {"$ref": "#/$defs/Colour"}},
                "weight": {"description": "How heavy.", "type": "number", "minimum": 0},
            },
            "additionalProperties": False,
            "required": ["name"],
        },
    }


@pytest.mark.parametrize("build", [schema.exercise_schema, schema.assignment_schema, schema.report_schema])
def test_schemas_are_schemas_without_unions_that_blur_errors(build: object) -> None:
    made = build() if callable(build) else {}
    jsonschema.Draft202012Validator.check_schema(made)
    keywords = set(_keywords(made))
    assert not keywords & {"oneOf", "anyOf", "not", "$anchor", "unevaluatedProperties"}
    assert made["$id"].startswith("https://torchgrade.dev/schemas/v1/")


def _keywords(part: object) -> Iterator[str]:
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _keywords(value)
    if isinstance(part, dict):
        yield from part


def test_every_object_is_closed_and_described() -> None:
    for name, definition in schema.exercise_schema()["$defs"].items():  # type: ignore[attr-defined]
        assert definition["description"], name
        if "properties" in definition:
            assert definition["additionalProperties"] is False, name


@pytest.mark.parametrize("kind", CHECKS)
def test_every_kind_of_check_has_its_own_fields(kind: str) -> None:
    definitions = schema.exercise_schema()["$defs"]
    assert "kind" in definitions[CHECKS[kind].__name__]["required"]  # type: ignore[index]


def test_a_report_fits() -> None:
    feedback = [{"audience": "student", "rationale": "…", "help": "…"}]
    comparison = {"stage": "numbers", "difference": "inf", "index": [1, 0], "relative": 0.5}
    finding = {
        "case": "drawn 3",
        "verdict": "wrong_answer",
        "visible": False,
        "feedback": feedback,
        "comparison": comparison,
    }
    check = {
        "name": "value",
        "kind": "value",
        "verdict": "wrong_answer",
        "points": 0,
        "max_points": 1.5,
        "findings": [finding],
    }
    attempt = {
        "submitter": "alice",
        "exercise": "a/b",
        "verdict": "wrong_answer",
        "points": 0,
        "max_points": 1.5,
        "checks": [check],
    }
    totals = [{"submitter": "alice", "points": 0, "max_points": 1.5}]
    report = {"schema": 1, "tool": {"name": "torchgrade"}, "attempts": [attempt], "totals": totals}
    validator = jsonschema.Draft202012Validator(schema.report_schema())
    assert [error.message for error in validator.iter_errors(report)] == []
    finding["verdict"] = "wrong"
    assert not validator.is_valid(report)


def test_stale_files_are_named_and_written(tmp_path: Path) -> None:
    assert schema.check(tmp_path) == ["assignment.schema.json", "exercise.schema.json", "report.schema.json"]
    assert schema.write(tmp_path / "new") == ["assignment.schema.json", "exercise.schema.json", "report.schema.json"]
    assert schema.check(tmp_path / "new") == []
    (tmp_path / "new" / "report.schema.json").write_text("{}", encoding="utf-8")
    assert schema.write(tmp_path / "new") == ["report.schema.json"]


HEAD = "schema: 1\ntitle: T\ntask: T\nentrypoint: f\n"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("inputs: {x: [n]}", (5, 1), "no field is called `inputs` here", "did you mean `parameters`?"),
        ("args: {x: [n]}", (5, 1), "no field is called `args` here", "did you mean `parameters`?"),
        ("answer: 1", (5, 1), "no field is called `answer` here", "did you mean `reference`?"),
        ("refrence: 1", (5, 1), "no field is called `refrence` here", "did you mean `reference`?"),
        ("parameters: {x: {shap: [n]}}", (5, 18), "no field is called `shap` here", "did you mean `shape`?"),
        ("parameters: {x: {shape: n}}", (5, 25), "`shape` is text, not a list", "write [n]"),
        ("parameters: {x: tensr}", (5, 17), None, "did you mean tensor?"),
        ("parameters: {x: {dtype: float31}}", (5, 25), None, "did you mean float32?"),
        (
            "parameters: {x: {requires_grad: yes}}",
            (5, 33),
            "`requires_grad` is text, not true or false",
            "write true or false",
        ),
        ("checks: [{kind: gradient, tol: 1}]", (5, 27), "no field is called `tol` here", "did you mean `tolerance`?"),
        ("checks: [{points: 1}]", (5, 11), "item 1 of `checks` has no `kind`", ""),
        ("checks: [{kind: gradient, order: 4}]", (5, 34), "`order` is 4; the most is 3", ""),
        ("checks: [1]", (5, 10), "item 1 of `checks` is a number, not text or a mapping", "quote it: '1'"),
        ("hints: [true]", (5, 9), "item 1 of `hints` is true, not text or a mapping", "quote it: 'true'"),
        ("cases: {draw: 8}", (5, 8), "`cases` is a mapping, not a list", "begin each item with `- `"),
        ("reference: [n]", (5, 12), None, "quote it, if the brackets are part of a formula"),
        ("limits: {seconds: 601}", (5, 19), "`seconds` is 601; the most is 600", ""),
        ("limits: {seconds: 0}", (5, 19), "`seconds` is 0; it must be greater than 0", ""),
        ("dims: {n: 1...5}", (5, 11), None, "two dots, with an end on each side: 1..5"),
        ("mistakes: [{id: a}]", (5, 13), "item 1 of `mistakes` has no `says`", "What went wrong, for the student."),
    ],
)
def test_errors_are_worded_at_their_place(text: str, place: tuple[int, int], message: str | None, hint: str) -> None:
    (fault,) = faults.check(read(HEAD + text + "\n", "f.yaml"))
    assert (fault.line, fault.column) == place
    assert message in (None, fault.message)
    assert fault.hint == hint


def test_a_misspelt_field_is_not_also_missing() -> None:
    found = faults.check(read(HEAD.replace("title", "titel"), "f.yaml"))
    assert [fault.code for fault in found] == ["unknown-field"]
