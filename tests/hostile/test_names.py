"""Names and texts of a student's choosing, in every report: none acts on a terminal, a page, a table or a CI job."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
NAMES = (
    "ann\x1b[2J",
    "bell\x07\r",
    "new\nline",
    "::error::forged",
    "%0A::set-output name=grade::100",
    "=HYPERLINK(1)",
    "<script>alert(1)",
    "a]]>b",
    "| pipe |",
    "`tick` **bold** [link](javascript:x)",
    "\u202egnp",
    "\ufeff\u200b",
    "-rf",
    "..",
    "$(touch pwned)",
    "n" * 200,
)
TEXTS = {
    "an exception": "raise ValueError({text!r})",
    "a print": "print({text!r})",
    "the name of a class": "raise type({text!r}, (Exception,), {{}})('no')",
    "a type that is returned": "return type({text!r}, (), {{}})()",
    "a key": "return {{{text!r}: a}}",
}
HOSTILE = "\x1b]0;owned\x07\x1b[31m\n::error file=x::forged\n<script>alert(1)</script>]]>| `x` \u202e\ud800=1+1\x00"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def graded(folder: Path, tmp_path: Path) -> tuple[str, dict[str, str]]:
    """What the terminal and each report say."""
    out = tmp_path / "out"
    command = [
        *(str(Path(sys.executable).with_name("torchgrade")), "grade", str(folder), "--seed", "1"),
        *("--exercises", str(ROOT / "exercises"), "--id", "cubic-minus-square"),
        *("--format", "json,md,junit,terminal,github", "--report", str(out)),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="strict", timeout=300)
    assert done.returncode == 0, done.stderr
    reports = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    return done.stdout + done.stderr, reports


def check(said: str, reports: dict[str, str]) -> None:
    json.loads(reports["report.json"])
    ElementTree.fromstring(reports["junit.xml"])  # noqa: S314 - our own report is what is looked at
    for name in ("report.md", "report.txt", "annotations.txt"):
        said += "\n" + reports[name]
    assert not CONTROL.search(said)
    assert not [line for line in said.splitlines() if re.match(r"\s*::(?!(error|notice|warning) (file|title)=)", line)]
    assert "::error::forged" not in said
    assert not re.search(r"(?<!\\)<script", reports["report.md"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submissions"
    made.mkdir()
    return made


def test_names_of_files_and_folders(folder: Path, tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        if number % 2 or name == "..":
            (folder / f"{name}.py").write_text("def cubic_minus_square(a, b):\n    return a\n")
        else:
            (folder / name).mkdir()
            (folder / name / "solution.py").write_text("def cubic_minus_square(a, b):\n    raise ValueError\n")
    before = {path for path in tmp_path.rglob("*") if "out" not in path.parts}
    said, reports = graded(folder, tmp_path)
    check(said, reports)
    assert reports["report.json"].count('"submitter"') >= 2 * len(NAMES) - 2
    assert {path for path in tmp_path.rglob("*") if "out" not in path.relative_to(tmp_path).parts} == before


@pytest.mark.parametrize("where", TEXTS)
def test_texts_that_the_code_makes(where: str, folder: Path, tmp_path: Path) -> None:
    body = TEXTS[where].format(text=HOSTILE)
    (folder / "eve.py").write_text(f"def cubic_minus_square(a, b):\n    {body}\n", encoding="utf-8")
    check(*graded(folder, tmp_path))


def test_the_hostile_text_is_hostile() -> None:
    assert CONTROL.search(HOSTILE)
    assert any(CONTROL.search(name) for name in NAMES)
