"""The corpus: every valid file loads and says what it seems to say, every invalid one is met with its lines.

`invalid/<name>.errors.txt` holds the first line of every Diagnostic as `excerpt.render` shows it, for a file that is
called by its bare name. Both folders are found by glob: the command line is held against the same files.
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import jsonschema
import pytest
import yaml as pyyaml

from torchgrade.cli import main
from torchgrade.errors import ExerciseError
from torchgrade.model.exercise import Exercise, Literal
from torchgrade.spec import assignment, yaml
from torchgrade.spec.codes import CODES
from torchgrade.spec.excerpt import headline
from torchgrade.spec.load import load, load_text

CORPUS = Path(__file__).parent / "corpus"
VALID = sorted((CORPUS / "valid").glob("*.yaml"))
INVALID = sorted((CORPUS / "invalid").glob("*.yaml"))
VALID_ASSIGNMENTS = sorted((CORPUS / "assignments" / "valid").glob("*.yaml"))
INVALID_ASSIGNMENTS = sorted((CORPUS / "assignments" / "invalid").glob("*.yaml"))
BANK = [path.stem for path in VALID]
SCHEMA = json.loads((CORPUS.parents[1] / "schemas" / "exercise.schema.json").read_text(encoding="utf-8"))
ASSIGNMENT_SCHEMA = json.loads((CORPUS.parents[1] / "schemas" / "assignment.schema.json").read_text(encoding="utf-8"))
ONE = "schema: 1\ntitle: T\ntask: T\nentrypoint: f\nparameters: {x: [n]}\nreference: sum(x)\n"


def named(path: Path) -> str:
    return path.stem


def valid(name: str) -> Exercise:
    return load(CORPUS / "valid" / f"{name}.yaml", CORPUS / "valid")


def codes(text: str) -> set[str]:
    with pytest.raises(ExerciseError) as caught:
        load_text(text, "made.yaml", "made")
    return {fault.code for fault in caught.value.diagnostics}


@pytest.mark.parametrize("path", VALID, ids=named)
def test_valid_files_load_the_same_each_time(path: Path) -> None:
    exercise = load(path, CORPUS)
    assert exercise.id == f"valid/{path.stem}"
    assert exercise == load(path, CORPUS)


@pytest.mark.parametrize("path", VALID, ids=named)
def test_valid_files_fit_the_committed_schema(path: Path) -> None:
    document = yaml.read(path.read_text(encoding="utf-8"), path.name)
    jsonschema.Draft202012Validator(SCHEMA).validate(document.data)


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize("path", INVALID, ids=named)
def test_invalid_files_are_met_with_their_lines(path: Path, loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "LOADER", getattr(pyyaml, loader))
    with pytest.raises(ExerciseError) as caught:
        load_text(path.read_bytes().decode(), path.name, path.stem)
    expected = path.with_suffix(".errors.txt").read_text(encoding="utf-8").splitlines()
    assert [headline(fault) for fault in caught.value.diagnostics] == expected


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_validate_prints_the_same_lines(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(path.parent)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert main(["validate", path.name]) == 1
    printed = "".join(capsys.readouterr()).splitlines()
    for line in path.with_suffix(".errors.txt").read_text(encoding="utf-8").splitlines():
        assert line in printed


@pytest.mark.parametrize("path", VALID_ASSIGNMENTS, ids=named)
def test_valid_assignments_load_and_fit_the_committed_schema(path: Path) -> None:
    assert assignment.load(path, BANK).id == path.stem
    document = yaml.read(path.read_text(encoding="utf-8"), path.name, "assignment")
    jsonschema.Draft202012Validator(ASSIGNMENT_SCHEMA).validate(document.data)


@pytest.mark.parametrize("path", INVALID_ASSIGNMENTS, ids=named)
def test_invalid_assignments_are_met_with_their_lines(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ExerciseError) as caught:
        assignment.load_text(path.read_text(encoding="utf-8"), path.name, BANK)
    expected = path.with_suffix(".errors.txt").read_text(encoding="utf-8").splitlines()
    assert [headline(fault) for fault in caught.value.diagnostics] == expected
    folder = tmp_path / "assignments"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    Path(path.name).write_bytes(path.read_bytes())
    assert main(["validate", "--exercises", str(CORPUS / "valid"), path.name]) == 1
    printed = "".join(capsys.readouterr()).splitlines()
    assert [text for text in expected if text not in printed] == []


def test_every_code_that_a_file_can_show_has_a_file() -> None:
    stems = {path.stem for path in (*INVALID, *INVALID_ASSIGNMENTS)}
    assert {code for code, explained in CODES.items() if explained.wrong} <= stems


GIVEN: Literal = (
    *(0.001, 1000.0, 0.00001, -0.0005, 10, 8, 31, math.inf, -math.inf),
    *(12, 1.0, 15000000000.0, True, False),
)


def test_numbers_are_those_of_yaml_1_2() -> None:
    group = valid("numbers").cases[0]
    numbers = group.inputs["x"]
    assert isinstance(numbers, tuple)
    assert math.isnan(float(str(numbers[9])))
    assert [*numbers[:9], *numbers[10:]] == list(GIVEN)
    assert [type(number) for number in numbers[10:]] == [int, float, float, bool, bool]
    assert group.inputs["t"] == "no"
    assert valid("numbers").cases[1].inputs["t"] == "12:30"


def test_words_dates_and_sixties_are_text() -> None:
    tags = ("no", "on", "yes", "12:30", "1:3", "2024-01-01", "1_000", "=", "n", "y")
    assert valid("starter-limits-tags").tags == tags


def test_texts_keep_what_stands_in_them() -> None:
    hints = valid("languages").hints
    assert dict(hints[0].translations) == {"en": "Note: add.", "zh": "注意：把它们加起来", "pt-BR": "Some."}
    assert str(hints[1]) == r"A folded text with `ticks`, # hashes and $\nabla$."
    assert str(hints[2]) == r"It's $\sum_i x_i$"


def test_comments_are_no_part_of_texts() -> None:
    assert [str(hint) for hint in valid("comments").hints] == ["Add.", "Add. # not a comment"]


def test_windows_line_ends_change_nothing() -> None:
    windows, unix = (
        CORPUS / "valid" / "crlf.yaml",
        (CORPUS / "valid" / "crlf.yaml").read_bytes().replace(b"\r\n", b"\n"),
    )
    assert b"\r\n" in windows.read_bytes()
    assert load(windows, CORPUS).digest == load_text(unix.decode(), "unix.yaml", "unix").digest


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tags: " + "[" * 100_000, "too-deep"),
        ("tags: " + "{a: " * 100_000, "too-deep"),
        (ONE + "\n".join(f"k{i}: [1]" for i in range(60_000)), "too-many-values"),
        (ONE + "hints: [" + "x" * yaml.MAX_BYTES + "]", "too-large"),
        (ONE + "limits: {seconds: " + "9" * 5000 + "}", "number-out-of-range"),
        (ONE + "limits: {seconds: " + "9" * 5000 + ".0}", "number-out-of-range"),
        ("a: &a [*a]", "recursive-alias"),
        (
            "\n".join(["a0: &a0 [x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]),
            "too-many-values",
        ),
    ],
    ids=["lists", "mappings", "values", "bytes", "digits", "decimals", "recursion", "laughs"],
)
def test_bombs_are_refused_at_once(text: str, code: str) -> None:
    start = time.process_time()
    assert codes(text) == {code}
    assert time.process_time() - start < 5


@pytest.mark.parametrize("formula", ["(" * 100_000 + "x", "-" * 100_000 + "x", "x" + ".T" * 50_000, "9**9**9**9**9"])
def test_formulas_that_explode_are_refused(formula: str) -> None:
    assert codes(ONE.replace("sum(x)", f"'{formula}'")) <= {"formula-too-large", "one-witness"}


def test_python_that_explodes_is_refused() -> None:
    bomb = "def f(x): return " + "(" * 20_000 + "x" + ")" * 20_000
    assert codes(ONE + f"starter: '{bomb}'\n") == {"python-syntax", "one-witness"}
