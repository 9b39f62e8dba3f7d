"""The commands that run student code, from argv to reports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from torchgrade.cli import main
from torchgrade.cli.grade import _run_name
from torchgrade.spec.schema import report_schema

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "docs" / "demo" / "submissions"
BANK = str(ROOT / "exercises")
TWO = (
    "--exercises",
    BANK,
    "--id",
    "matrix-and-vector",
    "--id",
    "linalg/solve",
    "--seed",
    "1",
)
RIGHT = "def cubic_minus_square(a, b):\n    return 3 * a**3 - b**2\n"
WRONG = "def cubic_minus_square(a, b):\n    print('::error::forged')\n    return 3 * a**2 - b**2\n"


def test_check_accepts_a_right_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "right.py").write_text(RIGHT)
    assert main(["check", "right.py", "--exercises", BANK]) == 0
    captured = capsys.readouterr()
    assert captured.out == "✓ A cubic minus a square (autograd/cubic-minus-square): accepted, 4 / 4 points\n"
    assert re.fullmatch(r"isolation: (namespaces|sandbox): .*\n", captured.err)


def test_check_says_what_is_wrong_where_and_how_to_see_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "wrong.py").write_text(WRONG)
    assert main(["check", "wrong.py", "cubic-minus-square", "--exercises", BANK]) == 1
    out = capsys.readouterr().out
    for said in (
        "wrong answer, 0 / 4 points",
        "the notebook's: You squared `a` where the formula cubes it.",
        "Observed -1, expected 143 at index (1, 1)",
        "to see it yourself, below your code:",
        "your code printed:\n      :\N{ZERO WIDTH SPACE}:error:",
        "print(cubic_minus_square(a, b))",
    ):
        assert said in out
    assert out.count("You squared `a`") == 1, "what is said once is not said again"


def test_check_names_a_missing_function(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "right.py").write_text(RIGHT)
    assert main(["check", "right.py", "linalg/solve", "--exercises", BANK]) == 1
    assert "invalid submission, 0 / 5 points" in capsys.readouterr().out


def test_check_asks_about_a_function_that_is_nearly_an_exercise_s(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "right.py").write_text(
        RIGHT + "\n\ndef frobenius(A):\n    return A\n\n\ndef helper_of_mine(A):\n    return A\n"
    )
    assert main(["check", "right.py", "--exercises", BANK]) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert first == "no exercise asks for 'frobenius'; did you mean 'frobenius_norm'?"
    assert second.startswith("isolation: ")


def test_a_class_is_graded_into_reports_that_repeat_themselves(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formats = ("--format", "json,md,junit,terminal,github")
    for folder in ("one", "two"):
        assert main(["grade", str(DEMO), *TWO, *formats, "--report", folder]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^ada +linalg/solve +✓ accepted +5 / 5$", out, re.MULTILINE)
    assert re.search(r"^dora +linalg/solve +✗ time limit exceeded +0 / 5$", out, re.MULTILINE)
    assert re.search(r"^finn +tensor/matrix-and-vector +✗ invalid submission +0 / 2$", out, re.MULTILINE)
    assert "reports: two/ (report.json, report.md, junit.xml, report.txt, annotations.txt)" in out
    names = {path.name for path in (here / "one").iterdir()}
    assert names == {"report.json", "report.md", "junit.xml", "report.txt", "annotations.txt", "measurements.jsonl"}
    for name in names - {"measurements.jsonl"}:
        assert (here / "one" / name).read_bytes() == (here / "two" / name).read_bytes()
    report = json.loads((here / "one" / "report.json").read_text())
    jsonschema.Draft202012Validator(report_schema()).validate(report)
    assert [total["submitter"] for total in report["totals"]] == ["ada", "ben", "chen", "dora", "eva", "finn"]


def test_grade_only_what_was_asked_and_fail_under(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["grade", str(DEMO), *TWO, "--only", "ada", "--only", "eva"]
    assert main([*arguments, "--fail-under", "20"]) == 0
    assert main([*arguments, "--fail-under", "60", "--format", "junit"]) == 1
    report = here / "reports" / "submissions"
    assert {path.name for path in report.iterdir()} == {"junit.xml", "measurements.jsonl"}, "stale reports are removed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("class", "--fail-under", "nan"), "--fail-under nan is no percentage"),
        (("class", "--report", "class/out"), "the reports would go to class/out/, in class/,"),
        (("class", "--report", "class"), "the reports would go to class/, in class/,"),
        ((".",), "in ./, and be graded as somebody's work the next time"),
        (("ann.py", "linked"), ""),
        (("class", "--report", "class/out", "--submitter", "ann"), ""),
    ],
)
def test_what_would_harm_the_next_run_is_refused_at_once(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    for path in (here / "ann.py", here / "class" / "ben.py"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(RIGHT)
    (here / "linked").symlink_to("class")
    before = {path for path in here.rglob("*") if "state" not in path.parts}
    code = main(["grade", *arguments, "--exercises", BANK, "--id", "cubic-minus-square"])
    assert (code, said in capsys.readouterr().err) == (2 if said else 0, True)
    assert ({path for path in here.rglob("*") if "state" not in path.parts} == before) is bool(said)


@pytest.mark.parametrize(
    ("paths", "name"),
    [(("hw.1",), "hw.1"), (("hw.2",), "hw.2"), (("hw.1", "ann.py"), "hw.1-ann"), (("hw.1/", "hw.1"), "hw.1")],
)
def test_a_run_is_called_after_all_of_a_folder_s_name(here: Path, paths: tuple[str, ...], name: str) -> None:
    for folder in ("hw.1", "hw.2"):
        (here / folder).mkdir()
    (here / "ann.py").touch()
    assert _run_name(tuple(map(Path, paths))) == name


def test_the_seed_of_a_run_is_drawn_once_and_kept(here: Path) -> None:
    (here / "ann.py").write_text(RIGHT)
    arguments = ["grade", "ann.py", "--exercises", BANK, "--id", "cubic-minus-square"]
    seeds = []
    for _ in range(2):
        assert main(arguments) == 0
        seeds.append(json.loads((here / "reports" / "ann" / "report.json").read_text())["tool"]["seed"])
    assert seeds[0] == seeds[1] == (here / "state" / "torchgrade" / "seed").read_text().strip()


def test_github_gets_annotations_a_summary_and_no_commands_of_students(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "summary.md"))
    (here / "eve.py").write_text(WRONG)
    assert main(["grade", "eve.py", "--exercises", BANK, "--id", "cubic-minus-square"]) == 0
    out = capsys.readouterr().out
    (token,) = re.findall(r"^::stop-commands::(\w{32})$", out, re.MULTILINE)
    assert f"\n::{token}::\n" in out
    assert re.search(r"^::error file=eve\.py,line=\d+,title=autograd/cubic-minus-square%2C value::", out, re.MULTILINE)
    assert "::error::forged" not in out
    assert "| eve | 0 | 4 |" in (here / "summary.md").read_text()


@pytest.mark.parametrize(("format", "start"), [("table", "exercise"), ("markdown", "| exercise |"), ("json", "[\n")])
def test_prove_shows_a_row_for_everything_it_ran(
    format: str, start: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["prove", "exercises/tensor/row.yaml", "--format", format]) == 0
    out = capsys.readouterr().out
    assert out.startswith(start)
    assert "tensor/row" in out


def test_prove_is_a_gate(capsys: pytest.CaptureFixture[str]) -> None:
    path = ROOT / "tests" / "corpus" / "unproven" / "witnesses-disagree.yaml"
    assert main(["prove", str(path), "--seed", "1"]) == 1
    captured = capsys.readouterr()
    assert ": the notebook's: formula gives 143 at [1, 1], `expected` says 142" in captured.err
    assert re.search(r"witnesses +expected, formula +✗$", captured.out, re.MULTILINE)


def test_doctor_grades_a_right_and_a_wrong_answer(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^torch \S+ \((CPU build|CUDA [\d.]+)\)$", out, re.MULTILINE)
    tried = r"\n  attacks by a real child: 13; worked: "
    assert re.search(rf"^isolation process: not a sandbox, .*{tried}12 ", out, re.MULTILINE)
    assert re.search(rf"^isolation sandbox: .*{tried}0$", out, re.MULTILINE)
    assert out.endswith("a right answer is accepted, a wrong one wrong_answer\nall is well\n")


def test_a_bundle_checks_its_visible_cases(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "week1", "cubic-minus-square", "--exercises", BANK]) == 0
    (here / "right.py").write_text(RIGHT)
    assert main(["check", "right.py", "--exercises", "week1/exercises"]) == 0
    assert main(["check", "week1/cubic_minus_square.py", "--exercises", "week1/exercises"]) == 1
    assert "NotImplementedError" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command", [[str(Path(sys.executable).with_name("torchgrade"))], [sys.executable, "-m", "torchgrade"]]
)
def test_both_ways_to_start_it(command: list[str]) -> None:
    done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "torchgrade, version 0.1.0\n")
    assert subprocess.run([*command, "nothing"], capture_output=True, check=False).returncode == 2


EXERCISE = """\
schema: 1
title: T
task: Return $2x$.
entrypoint: double
parameters: {x: [n]}
reference: 2*x
cases:
  - {name: by hand, inputs: {x: [1, 3]}, expected: [2, 6]}
mistakes:
  - id: squared
    formula: x**2
    says: {en: Squared., zh: 平方了。}
"""


@pytest.fixture
def bank(here: Path) -> Path:
    """A folder with a good exercise and a faulty one, and a wrong answer."""
    (here / "exercises").mkdir()
    (here / "exercises" / "good.yaml").write_text(EXERCISE, encoding="utf-8")
    (here / "exercises" / "bad.yaml").write_text("schema: 1\nentripoint: f\n")
    (here / "ann.py").write_text("def double(x):\n    return x**2\n")
    return here


def test_a_faulty_exercise_leaves_the_others_gradable(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "ann.py", "--report", "out"]) == 2
    captured = capsys.readouterr()
    assert "exercises/bad.yaml:2:1: unknown-field" in captured.err
    assert re.search(r"^ann +good +✗ wrong answer +0 / 1$", captured.out, re.MULTILINE)
    report = json.loads((bank / "out" / "report.json").read_text(encoding="utf-8"))
    assert [attempt["exercise"] for attempt in report["attempts"]] == ["good"]


def test_a_faulty_exercise_that_was_named_is_refused(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "ann.py", "--id", "good", "--id", "bad"]) == 2
    assert capsys.readouterr().out == ""


def test_mistakes_are_told_in_the_language_asked_for(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "ann.py", "--lang", "zh"]) == 1
    assert "by hand: 平方了。" in capsys.readouterr().out


def test_prove_goes_on_past_a_faulty_file(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove"]) == 1
    captured = capsys.readouterr()
    assert "exercises/bad.yaml:2:1: unknown-field" in captured.err
    assert re.search(r"^good +mistake +squared", captured.out, re.MULTILINE)


def test_check_reads_a_notebook_and_names_its_cells(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = ("import torch\n%who", RIGHT.replace("b):", "b:"))
    cells = [{"cell_type": "code", "source": source} for source in sources]
    (here / "hw1.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
    assert main(["check", "hw1.ipynb", "--exercises", BANK]) == 1
    assert "Python cannot read this file in line 1 of hw1.ipynb[cell 2]" in capsys.readouterr().out
