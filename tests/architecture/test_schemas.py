"""The committed schemas are those that the code derives."""

from __future__ import annotations

from pathlib import Path

from torchgrade.spec import schema

FOLDER = Path(__file__).parents[2] / "schemas"


def test_schemas_are_fresh() -> None:
    assert schema.check(FOLDER) == [], "run: torchgrade schema --write"


def test_nothing_else_lies_beside_them() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == set(schema.files())
