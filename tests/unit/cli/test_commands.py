"""Commands that run no student code: their words, their files, their exit codes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from torchgrade import cli
from torchgrade.cli import main, screen
from torchgrade.cli.exits import after
from torchgrade.cli.progress import followed
from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback, Finding
from torchgrade.model.verdict import Verdict
from torchgrade.readers.definitions import defined

EXERCISE = """\
schema: 1
title: {en: Double it, zh: 翻倍}
task: {en: Return $2x$., zh: 返回 $2x$。}
entrypoint: double
parameters: {x: {shape: [n], dtype: float64}, k: int}
reference: 2*x
cases:
  - {name: by hand, inputs: {x: [1, 2], k: 1}, expected: [2, 4]}
  - {draw: 2}
hints:
  - {en: Add it to itself., zh: 与自身相加。}
  - x + x
"""


@pytest.fixture
def here(here: Path) -> Path:
    """A working directory with one exercise in it."""
    path = here / "exercises" / "tensor" / "double.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(EXERCISE, encoding="utf-8")
    return here


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_help_begins_with_examples_and_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--help")
    assert (code, out.splitlines()[0]) == (0, "Examples:")
    assert all(f"\n  {name} " in out for name in cli.torchgrade.list_commands(None))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", cli.torchgrade.list_commands(None))  # type: ignore[arg-type]
def test_every_command_shows_examples_first(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, name, "--help")
    first, example = out.splitlines()[:2]
    assert (code, first) == (0, "Examples:")
    assert example.startswith(f"  torchgrade {name}")


@pytest.mark.parametrize(
    ("arguments", "said_"),
    [
        (("chek", "x.py"), "there is no command 'chek'; did you mean 'check'?"),
        (("list", "--topik", "x"), "No such option"),
        (("grade",), "Missing argument"),
        (("schema",), "schema needs one of --write and --check"),
        (("list", "--topic", "tensors"), "no exercise in exercises has the topic 'tensors'; did you mean 'tensor'?"),
        (("hint", "tensor/dubble"), "there is no exercise 'tensor/dubble' in exercises; did you mean 'tensor/double'?"),
        (("explain", "duplicate-kei"), "'duplicate-kei' is no code and no exercise; did you mean 'duplicate-key'?"),
        (("new", "Linalg/Sum it"), "'Linalg/Sum it' cannot be an id"),
        (("new", "tensor/double"), "exercises/tensor/double.yaml exists already"),
        (("new", "linalg/2d"), "'linalg/2d' cannot be an id: no function can be called '2d'"),
        (("new", "linalg/lambda"), "no function can be called 'lambda'"),
        (("bundle", "empty.py"), "empty.py is no folder"),
        (("check", "empty.py"), "empty.py defines no function of an exercise in exercises"),
        (("check", "typo.py"), "typo.py defines no function of an exercise in exercises; did you mean 'double'?"),
        (("hint", "dubble"), "there is no exercise 'dubble' in exercises; did you mean 'tensor/double'?"),
        (("hint", "doub"), "there is no exercise 'doub' in exercises; did you mean 'tensor/double'?"),
        (("list", "--exercises", "nothing"), "there are no exercises in nothing\nhint: an exercise is a .yaml file"),
        (("grade", "empty.py", "--exercises", "nothing"), "there are no exercises in nothing"),
        (("validate", "nothing"), "there are no exercises in nothing"),
        (("prove", "empty.py"), "empty.py is no exercise\nhint: an exercise is a .yaml file"),
        (("grade", "empty.py", "--format", " , "), "--format names no report format"),
        (("check", "blank.py"), "blank.py: The file is empty (0 bytes)"),
        (("grade", "empty.py", "--isolation", "sandbocks"), "no isolation level 'sandbocks'; did you mean 'sandbox'?"),
        (("grade", "empty.py", "--format", "jsn"), "there is no report format 'jsn'; did you mean 'json'?"),
        (
            ("grade", "empty.py", "--only", "emty"),
            "there is no submission of 'emty'; did you mean 'empty'?\nhint: there are: empty",
        ),
        (("merge", "nothing"), "there is no report.json in nothing/\nhint: json must be among the formats of that run"),
        (("render", "."), "there is no report.json in ./\nhint: there is one in graded"),
        (
            ("grade", "empty.py", "again"),
            "2 submissions are empty's, and nobody knows which came last: empty.py, again/empty.py",
        ),
        (("grade", "nothing"), "there are no submissions in nothing"),
        (("store", "export", "empty.py"), "empty.py exists already\nhint: name another file"),
        (("store", "export", "absent/x.jsonl"), "absent/x.jsonl cannot be written: No such file or directory"),
        (("store", "import", "absent"), "there is no file absent\nhint: give one that store export wrote"),
        (("store", "import", "empty.py"), "line 1"),
    ],
)
def test_refusals_say_what_to_do(
    arguments: tuple[str, ...], said_: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "empty.py").write_text("x = 1\n")
    (here / "blank.py").touch()
    (here / "typo.py").write_text("def dubble(x):\n    return 2 * x\n")
    (here / "nothing").mkdir()
    (here / "graded").mkdir()
    (here / "graded" / "report.json").touch()
    (here / "again").mkdir()
    (here / "again" / "empty.py").write_text("x = 2\n")
    code, out, err = said(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said_ in err


def test_a_name_in_a_refusal_is_no_command_to_a_log(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "##[error]\u202ename.txt").touch()
    code, _, err = said(capsys, "grade", "##[error]\u202ename.txt")
    assert (code, "name.txt: nobody here can read" in err) == (2, True)
    assert "##[" not in err
    assert "\u202e" not in err


def test_list_shows_ids_functions_and_titles(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "list", "--topic", "tensor", "--lang", "zh")
    assert (code, out.split()) == (0, ["编号", "要写的函数", "标题", "tensor/double", "double", "翻倍"])


def test_start_writes_a_file_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "start", "double")[0] == 0
    text = (here / "double.py").read_text(encoding="utf-8")
    assert (
        'def double(x, k):\n    """Double it\n\n    Return 2x.\n\n    x: float64 tensor of shape [n]\n    k: int'
        in text
    )
    (here / "double.py").write_text("my work")
    code, _, err = said(capsys, "start", "tensor/double")
    assert (code, (here / "double.py").read_text()) == (2, "my work")
    assert "double.py exists, and may hold your work\nhint: rename it, or overwrite it with --force" in err
    assert said(capsys, "start", "tensor/double", "--force", "--lang", "zh")[0] == 0
    assert "翻倍" in (here / "double.py").read_text(encoding="utf-8")


def test_hints_come_one_by_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "hint", "double")[1] == (
        "Add it to itself.\n(hint 1 of 2; the next: torchgrade hint tensor/double -n 2)\n"
    )
    assert said(capsys, "hint", "double", "-n", "5")[1] == "x + x\n(hint 2 of 2)\n"
    assert said(capsys, "hint", "double", "--lang", "zh")[1].startswith("与自身相加。")


def test_explain_knows_codes_and_exercises(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "explain", "duplicate-key")[1].startswith("duplicate-key: ")
    assert "nothing in the exercise tells it" in said(capsys, "explain", "mistake-accepted")[1]
    for name in ("tensor/double", "double"):
        assert said(capsys, "explain", name)[1] == "Double it (tensor/double)\n\nReturn 2x.\n"


def test_validate_shows_every_fault_with_a_caret(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "validate") == (0, "1 exercise, 0 faults\n", "")
    (here / "exercises" / "tensor" / "bad.yaml").write_text("schema: 1\ntitle: T\ntask: T\nentripoint: f\n")
    code, out, _ = said(capsys, "validate")
    assert code == 1
    assert "exercises/tensor/bad.yaml:4:1:" in out
    assert "\n   4 | entripoint: f\n       ^" in out
    assert out.endswith(" in 1 of them\n")


def test_two_exercises_may_not_ask_for_one_function(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "exercises" / "twice.yaml").write_text(EXERCISE, encoding="utf-8")
    code, out, _ = said(capsys, "validate")
    assert code == 1
    assert "same-entrypoint: the entry point `double` is also that of tensor/double" in out


def test_validate_annotates_where_github_runs_it(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (here / "bad.yaml").write_text("schema: 1\ntitle: T\ntask: T\nentripoint: f\n")
    assert "::error file=bad.yaml,line=4,col=1,title=" in said(capsys, "validate", "bad.yaml")[1]


def test_a_faulty_exercise_is_no_gate_for_other_commands(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "exercises" / "tensor" / "bad.yaml").write_text("schema: 1\nentripoint: f\n")
    assert said(capsys, "hint", "double")[0] == 0
    code, out, err = said(capsys, "list")
    assert (code, out.splitlines()[1].split()[0]) == (2, "tensor/double")
    assert "exercises/tensor/bad.yaml:2:1:" in err


def test_new_writes_an_exercise_that_validates(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "new", "linalg/two-norm")[0] == 0
    text = (here / "exercises/linalg/two-norm.yaml").read_text()
    assert "$schema=../../schemas/exercise.schema.json" in text
    assert said(capsys, "validate", "exercises/linalg/two-norm.yaml")[0] == 0


WEEK = "schema: 1\ntitle: Week 1\nexercises: [tensor/double]\n"


@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        ((), "1 exercise, 2 assignments, 0 faults\n"),
        (("exercises",), "1 exercise, 2 assignments, 0 faults\n"),
        (("exercises/assignments",), "2 assignments, 0 faults\n"),
        (("exercises/assignments/week1.yaml",), "1 assignment, 0 faults\n"),
        (("elsewhere.yaml",), "1 assignment, 0 faults\n"),
        (("elsewhere.yaml", "exercises/tensor"), "1 exercise, 1 assignment, 0 faults\n"),
        (("exercises/tensor/double.yaml", "--exercises", "exercises"), "1 exercise, 0 faults\n"),
    ],
)
def test_assignments_are_validated_wherever_they_lie(
    here: Path, arguments: tuple[str, ...], out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "exercises" / "assignments").mkdir()
    for name in ("exercises/assignments/week1.yaml", "exercises/assignments/week2.yaml", "elsewhere.yaml"):
        (here / name).write_text(WEEK)
    assert said(capsys, "validate", *arguments) == (0, out, "")


def test_schemas_are_written_and_checked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "schema", "--check")
    names = ("assignment", "exercise", "report")
    assert (code, out) == (1, "".join(f"schemas/{name}.schema.json: not fresh\n" for name in names))
    assert said(capsys, "schema", "--write")[0] == 0
    assert said(capsys, "schema", "--check") == (0, "", "")


def test_bundle_refuses_a_folder_that_holds_something(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "bundle", "exercises")
    assert (code, "exercises is not empty" in err) == (2, True)
    assert said(capsys, "bundle", "week1", "double")[1] == "wrote 1 exercise to week1\n"
    assert (here / "week1" / "double.py").is_file()


def test_our_fault_is_a_bug_report(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("torchgrade.store.bank.ids", fail)
    code, out, err = said(capsys, "list", "--topic", "a b")
    assert (code, out) == (3, "")
    assert err.startswith("torchgrade: this is our fault, not yours")
    assert "### ZeroDivisionError in `torchgrade list --topic 'a b'`" in err
    assert "- torch " in err
    assert 'raise ZeroDivisionError("oops")' in err


def test_an_interrupt_is_130(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("torchgrade.store.bank.ids", interrupt)
    assert said(capsys, "list")[0] == 130


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f(): pass\nclass G:\n    def h(self): pass\n", {"f", "G"}),
        ("f = lambda x: x\ng: int = 1\n(a, b) = 1, 2\n", {"f", "g", "a", "b"}),
        ("if True:\n    def f(): pass\nelse:\n    from torch import solve as g, dot\n", {"f", "g", "dot"}),
        ("def f(:\n    pass\nclass G\nx = 1\n", {"f", "G"}),
        ("raise SystemExit\n", set()),
        ("x = " + "(" * 5000, set()),
        ("def f(): pass\nx = '\0'\n", {"f"}),
    ],
)
def test_the_names_of_a_file_are_read_without_running_it(text: str, names: set[str]) -> None:
    assert defined(text) == names


def attempt(verdict: Verdict) -> Attempt:
    feedback = (Feedback(audience=Audience.STUDENT, rationale="S"), Feedback(audience=Audience.STAFF, rationale="ours"))
    check = CheckResult(
        name="value",
        kind="value",
        verdict=verdict,
        points=Fraction(0),
        max_points=Fraction(1),
        findings=(Finding(case="", verdict=verdict, feedback=feedback),),
    )
    return Attempt(
        submitter="ann", exercise="a/b", verdict=verdict, points=Fraction(0), max_points=Fraction(1), checks=(check,)
    )


def test_what_was_left_out_is_no_success() -> None:
    assert after([attempt(Verdict.ACCEPTED)], gate_holds=True, is_complete=False) == 2
    assert after([attempt(Verdict.JUDGE_ERROR)], gate_holds=True, is_complete=False) == 3


@pytest.mark.parametrize(
    ("verdicts", "gate_holds", "code"),
    [
        ((Verdict.ACCEPTED,), True, 0),
        ((Verdict.WRONG_ANSWER,), True, 0),
        ((Verdict.ACCEPTED,), False, 1),
        ((Verdict.ACCEPTED, Verdict.JUDGE_ERROR), True, 3),
        ((Verdict.JUDGE_ERROR,), False, 3),
    ],
)
def test_what_we_failed_to_grade_is_our_fault(
    verdicts: tuple[Verdict, ...], gate_holds: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert after(map(attempt, verdicts), gate_holds=gate_holds) == code
    told = "our fault, please report it: ann, a/b: ours\n"
    assert capsys.readouterr().err == (told if code == 3 else "")


def test_a_fault_claimed_in_a_hidden_case_tells_no_one_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    said = Feedback(audience=Audience.STAFF, rationale="x is 3.1415")
    finding = Finding(case="secret", verdict=Verdict.JUDGE_ERROR, visible=False, feedback=(said,))
    failed = attempt(Verdict.JUDGE_ERROR)
    hidden = replace(failed, submitter="an\n::error::n", checks=(replace(failed.checks[0], findings=(finding,)),))
    assert after([hidden], gate_holds=True) == 3
    name = "an ::error::n".replace("::", ":\N{ZERO WIDTH SPACE}:")
    told = f"our fault, please report it: {name}, a/b: in a case that is hidden; report.json tells staff more\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_bar_grows_for_people_only(
    is_terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_terminal)
    attempts = [attempt(Verdict.ACCEPTED)] * 3
    assert list(followed(iter(attempts), 3)) == attempts
    captured = capsys.readouterr()
    assert ("grading" in captured.err, captured.out) == (is_terminal, "")


@pytest.mark.parametrize(
    ("option", "environment", "coloured"),
    [
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {}, False),
    ],
)
def test_colours_are_asked_for_or_seen_by_people(
    option: str,
    environment: dict[str, str],
    coloured: bool,
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(
        "torchgrade.cli.learn.bank.folder", lambda given: seen.append(screen.coloured()) or Path("exercises")
    )
    assert said(capsys, "--color", option, "list")[0] == 0
    assert seen == [coloured]


def test_a_store_is_carried_to_another_machine(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "ann.py").write_text("def double(x, k): return 2 * x\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(here / "state-one"))
    assert said(capsys, "grade", "ann.py", "--isolation", "process", "--seed", "1")[0] == 0
    assert said(capsys, "store", "export", "all.jsonl")[:2] == (0, "wrote all.jsonl\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(here / "state-two"))
    assert said(capsys, "store", "import", "all.jsonl")[1] == "1 rows read, 1 of them new\n"
    assert said(capsys, "store", "import", "all.jsonl")[1] == "1 rows read, 0 of them new\n"
    _, _, told = said(capsys, "grade", "ann.py", "--isolation", "process", "--seed", "1")
    assert "1 of 1 attempts are unchanged" in told
