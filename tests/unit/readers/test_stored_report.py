"""Reports that were written before are read back: whole, in pieces, and with a sentence where they are broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from torchgrade.errors import ReportError
from torchgrade.readers import report
from torchgrade.readers.report import Stored
from torchgrade.writers import WRITERS
from torchgrade.writers.totals import numeric

ATTEMPT = {
    "submitter": "ann",
    "exercise": "test/double",
    "verdict": "wrong_answer",
    "points": 0.333333,
    "max_points": 1.0,
    "mistakes": ["tripled"],
    "checks": [
        {
            "name": "value",
            "kind": "value",
            "verdict": "wrong_answer",
            "points": 0.333333,
            "max_points": 1.0,
            "findings": [
                {
                    "case": "by hand",
                    "verdict": "wrong_answer",
                    "visible": True,
                    "feedback": [{"audience": "student", "rationale": "Three é is too many.", "help": "Two."}],
                    "comparison": {"stage": "numbers", "mismatched": 2, "difference": "nan", "index": [0, 1]},
                }
            ],
        }
    ],
}
DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "tool": {"name": "torchgrade", "versions": {"torch": "2.13"}, "isolation": "sandbox", "seed": "7"},
    "attempts": [ATTEMPT, {**ATTEMPT, "submitter": "bo"}],
    "totals": [],
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A report on the disk, in any spelling of JSON."""

    def write(document: object, **spelling: object) -> Path:
        path = tmp_path / "report.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document, **spelling), encoding="utf-8")  # type: ignore[arg-type]
        return path

    return write


@pytest.mark.parametrize("spelling", [{}, {"indent": 2}, {"indent": 7, "ensure_ascii": False}, {"sort_keys": True}])
@pytest.mark.parametrize("chunk", [1, 17, 2**20])
def test_every_spelling_is_read_and_written_again(
    written: Callable[..., Path], spelling: dict[str, object], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "_CHUNK", chunk)
    stored = Stored(written(DOCUMENT, **spelling))
    assert (stored.header.isolation, stored.header.seed) == ("sandbox", "7")
    again = json.loads(b"".join(WRITERS["json"].render(stored.header, stored)))
    assert again["attempts"] == DOCUMENT["attempts"]
    assert again["tool"].items() >= DOCUMENT["tool"].items()


@pytest.mark.parametrize(
    "points",
    ["0", "1/3", "7/6", "6/23", "1/128", "0.1", "0.12345", "0.17655", "0.99999", "123456.78901"],
)
def test_points_are_what_they_were_before_they_were_rounded(written: Callable[..., Path], points: str) -> None:
    first, _ = Stored(written({**DOCUMENT, "attempts": [{**ATTEMPT, "points": numeric(Fraction(points))}, ATTEMPT]}))
    assert first.points == Fraction(points)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is no whole JSON document: it ends too soon"),
        ("[1, 2]", "is no whole JSON document: '{' was expected, and '[' found"),
        (json.dumps(DOCUMENT)[:400], "begins no whole value"),
        (json.dumps({**DOCUMENT, "schema": 2}), "is no report of torchgrade's"),
        (json.dumps({"schema": 1, "attempts": []}), "is no report of torchgrade's"),
        ('{"x": ' + "[" * 100_000, "is no whole JSON document"),
    ],
)
def test_what_is_no_report_is_told(written: Callable[..., Path], content: str, sentence: str) -> None:
    stored = Stored(written(content))
    with pytest.raises(ReportError) as caught:
        list(stored if "ends" in sentence else (stored.header, *stored))
    assert sentence in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "broken",
    [
        {"verdict": "fine"},
        {"checks": 3},
        {"points": "many"},
        {"checks": [{"name": "value"}]},
        {"points": None},
        {"points": "1e999999999"},
        {"exercise": ["test/double"]},
        {"title": {"en": 3}, "checks": [{"name": 3}]},
    ],
)
def test_a_broken_attempt_is_named(written: Callable[..., Path], broken: dict[str, object]) -> None:
    stored = Stored(written({**DOCUMENT, "attempts": [ATTEMPT, {**ATTEMPT, **broken, "submitter": "bo"}]}))
    with pytest.raises(ReportError, match="attempt bo: "):
        list(stored)


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"report\.json cannot be read: No such file"):
        _ = Stored(tmp_path / "report.json").header
