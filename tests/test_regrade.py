"""A class in the gradebook: looked at, decided about, regraded with a preview, and filled into a platform's file."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from torchgrade.cli import main
from torchgrade.cli.assignments import assignment_of
from torchgrade.executors.serial import SerialExecutor
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.sandbox import ISOLATIONS
from torchgrade.sandbox.warmth import Warmth
from torchgrade.session import Session, header
from torchgrade.session.batch import graded
from torchgrade.store.database import Store
from torchgrade.store.seed import state_folder

DOUBLE = """\
schema: 1
title: Double it
task: Return $2x$.
entrypoint: double
parameters: {x: [n]}
reference: %d*x
cases:
  - {name: by hand, inputs: {x: [1, 2]}, expected: [%d, %d]}
  - {draw: 2}
checks: [value, {kind: gradient, points: 2}]
"""
NEGATE = """\
schema: 1
title: Negate it
task: Return $-x$.
entrypoint: negate
parameters: {x: [n]}
reference: -x
cases: [{name: by hand, inputs: {x: [1, 2]}, expected: [-1, -2]}]
"""
ASSIGNMENT = """\
schema: 1
title: Week 1
exercises: [tensor/double, {exercise: tensor/negate, points: 4}]
due: 2027-01-15T23:59:00+08:00
late: [{days: 1, keeps: 0.5}]
policy: {keep: best}
seed: a secret
"""
RIGHT, TRIPLE = "def double(x): return 2 * x\n", "def double(x): return 3 * x\n"
NEGATED = "def negate(x): return -x\n"
HANDED_IN = (
    ("ada", RIGHT + NEGATED, 1, "2027-01-15T12:00:00Z"),
    ("ben", TRIPLE, 1, "2027-01-15T12:00:00Z"),
    ("ben", TRIPLE + "\n", 2, "2027-01-16T12:00:00Z"),
    ("=cy()", "import nothing_at_all\n", 1, "2027-01-15T12:00:00Z"),
    ("dan", RIGHT, 1, "2027-01-16T12:00:00Z"),
)
BOOK = ("gradebook", "--assignment", "exercises/assignments/week1.yaml")
REGRADE = ("regrade", "--assignment", "exercises/assignments/week1.yaml")


def submission(name: str, text: str, number: int, submitted: str) -> Submission:
    return Submission(
        submitter=name,
        path=f"{name}.py",
        source=Source(text=text, filename=f"{name}.py"),
        digest=sha256(text.encode()).hexdigest(),
        number=number,
        submitted=submitted,
    )


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with an exercise that has the wrong answer, and what its class handed in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOGNAME", "tim")
    for name, text in (
        ("tensor/double", DOUBLE % (3, 3, 6)),
        ("tensor/negate", NEGATE),
        ("assignments/week1", ASSIGNMENT),
    ):
        path = tmp_path / "exercises" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with Store(state_folder(os.environ)) as store:
        store.book.record("week1", [submission(*given) for given in HANDED_IN])
    return tmp_path


@pytest.fixture
def here(course: Path) -> Path:
    """The course with its class graded."""
    assignment, exercises = assignment_of(Path(BOOK[2]), None)
    with Store(state_folder(os.environ)) as store, ISOLATIONS["sandbox"](Warmth.LEAN) as sandbox:
        run = store.run(exercises, header(sandbox.level, assignment.seed), "en")
        for given in HANDED_IN:
            run.add(submission(*given))
        for _ in graded(run, SerialExecutor(Session(sandbox, assignment.seed).grader(exercises))):
            pass
        store.book.keep(assignment.id, run.entries())
    return course


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    """The exit code, what stands on the screen without the width of columns, and the errors."""
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, [" ".join(line.split()) for line in captured.out.splitlines()], captured.err


def points(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, str]]:
    """Of each student what was earned and what counts."""
    assert main([*BOOK, "--format", "csv"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    return {row["submitter"]: (row["earned"], row["points"]) for row in rows}


BEFORE = {"'=cy()": ("0", "0"), "ada": ("4", "4"), "ben": ("3", "3"), "dan": ("0", "0")}
AFTER = {"'=cy()": ("0", "0"), "ada": ("7", "7"), "ben": ("0", "0"), "dan": ("1.5", "1.5")}


def test_a_wrong_exercise_is_fixed_and_nobody_is_surprised(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert points(capsys) == BEFORE
    (here / "exercises" / "tensor" / "double.yaml").write_text(DOUBLE % (2, 2, 4))
    code, preview, _ = said(capsys, *REGRADE, "--preview")
    assert code == 0
    assert preview[1:6] == [
        "ben 3 0 -3 value of tensor/double: accepted 1/1 → wrong answer 0/1",
        "gradient of tensor/double: accepted 2/2 → wrong answer 0/2",
        "submission 2 counts, in place of 1",
        "ada 4 7 +3 value of tensor/double: wrong answer 0/1 → accepted 1/1",
        "gradient of tensor/double: wrong answer 0/2 → accepted 2/2",
    ]
    assert preview[6].startswith("dan 0 1.5 +1.5 value of tensor/double")
    assert preview[-2].startswith("3 of 4 students change: 2 up, 1 down; because of ")
    assert preview[-1].startswith("this was a preview")
    assert points(capsys) == BEFORE

    said(capsys, *BOOK, "--override", "ben", "--exercise", "double", "--points", "3", "--reason", "our fault")
    code, told, errors = said(capsys, *REGRADE)
    assert code == 0
    assert "10 of 10 attempts are unchanged" in errors
    assert "3 of 4 students change: 2 up, 0 down, 1 with the same total" in told[-2]
    assert points(capsys) == AFTER | {"ben": ("0", "3")}
    _, history, _ = said(capsys, *BOOK, "--history", "ben")
    double = [line.partition(" ")[2] for line in history if "tensor/double" in line and line.startswith("20")]
    assert double == ["tensor/double: accepted, 3 of 3", "tensor/double: wrong answer, 0 of 3"] * 2
    assert history[-1].endswith("tensor/double: 3 points, our fault (tim)")
    assert said(capsys, *REGRADE)[1][0] == "none of 4 students changes"


def test_decisions_are_made_and_withdrawn(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide = (*BOOK, "--override", "ada", "--reason", "oral exam")
    assert said(capsys, *decide, "--points", "13/2")[1] == [
        "ada: in all: 6.5 points, oral exam (tim)",
        "total: 4 before, 6.5 of 7 now",
    ]
    assert points(capsys)["ada"] == ("4", "6.5")
    _, table, _ = said(capsys, *BOOK)
    assert "ada on time 1 of 1 0 4 *6.5 / 7" in table
    assert "ada: * in all: 6.5 points, oral exam (tim); earned 4" in table
    assert said(capsys, *decide, "--withdraw")[1][-1] == "total: 6.5 before, 4 of 7 now"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--override", "ada", "--points", "1"), "a decision needs its reason"),
        (("--override", "ada", "--points", "1", "--reason", " "), "a decision needs its reason"),
        (("--override", "ada", "--reason", "r"), "a decision has --points N"),
        (("--override", "ada", "--points", "1", "--withdraw", "--reason", "r"), "a decision has --points N"),
        (("--override", "ada", "--points", "-1", "--reason", "r"), "'-1' is no number of points"),
        (("--override", "ada", "--points", "1/0", "--reason", "r"), "'1/0' is no number of points"),
        (("--override", "ada", "--points", "9e999999", "--reason", "r"), "'9e999999' is no number of points"),
        (("--override", "adda", "--points", "1", "--reason", "r"), "handed nothing in for week1; did you mean 'ada'?"),
        (
            ("--override", "ada", "--exercise", "duble", "--points", "1", "--reason", "r"),
            "week1 has no exercise 'duble'",
        ),
        (
            ("--override", "ada", "--exercise", "", "--points", "1", "--reason", "r"),
            "week1 has no exercise ''",
        ),
        (("--override", "", "--points", "1", "--reason", "r"), "a student without a name is nobody"),
        (("--history", " "), "a student without a name is nobody"),
        (("--points", "1"), "need a student"),
        (("--history", "nobody"), "'nobody' handed nothing in for week1"),
        (("--history", "ada", "--override", "ada"), "--history and --override are two commands"),
        (("--fill", "export.csv"), "--fill and --into go together"),
        (("--fill", "export.csv", "--into", "./export.csv"), "the export itself is not written to"),
        (("--fill", "export.csv", "--into", "absent/up.csv"), "absent/up.csv cannot be written: No such file"),
    ],
)
def test_what_cannot_be_done_is_refused(
    course: Path, arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "export.csv").write_text(MOODLE.format(points="", comment=""))
    code, _, errors = said(capsys, *BOOK, *arguments)
    assert (code, message in errors) == (2, True)


MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    "Participant 1,ada,a@b.c,Submitted for grading,{points},7.00,Yes,-,-,{comment}\n"
    "Participant 2,eve,e@b.c,No submission,,7.00,Yes,-,-,\n"
)


def test_a_platforms_file_is_filled(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "export.csv").write_text(MOODLE.format(points="", comment=""))
    code, told, _ = said(capsys, *BOOK, "--fill", "export.csv", "--into", "upload.csv")
    assert code == 0
    comment = "tensor/double: 0 of 3; tensor/negate: 4 of 4"
    assert (here / "upload.csv").read_text() == MOODLE.format(points="4.00", comment=comment)
    assert told[-1] == "wrote upload.csv"
    assert any("dan" in line for line in told), "who is graded and not in the file is named"


def test_who_is_not_graded_gets_no_zero(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "export.csv").write_text(MOODLE.format(points="", comment=""))
    code, told, _ = said(capsys, *BOOK, "--fill", "export.csv", "--into", "upload.csv")
    assert (code, (course / "upload.csv").read_text()) == (0, MOODLE.format(points="", comment=""))
    assert "not filled, because not everything is graded, or the grader failed: =cy(), ada, ben, dan" in told
    said(capsys, *BOOK, "--override", "ada", "--points", "5", "--reason", "seen on paper")
    said(capsys, *BOOK, "--fill", "export.csv", "--into", "upload.csv")
    comment = '"tensor/double: – of 3; tensor/negate: – of 4; * in all: 5 points, seen on paper"'
    assert (course / "upload.csv").read_text() == MOODLE.format(points="5.00", comment=comment)


def test_people_of_one_name_are_named_with_their_accounts(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store(state_folder(os.environ)) as store:
        wei = [replace(submission(f"wei ({id})", RIGHT, 1, ""), account=id) for id in ("7", "8")]
        store.book.record("week1", wei)
    _, _, errors = said(capsys, *BOOK, "--history", "wei")
    assert "'wei' handed nothing in for week1; there are several: wei (7), wei (8)" in errors


@pytest.mark.parametrize(
    ("name", "shown"), [("7", "7, ada (account 7)"), ("name ada", "name ada, ada"), ("8", "8, 7 (account 8)")]
)
def test_whoever_has_the_name_of_another_can_be_named(
    course: Path, name: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An account is looked for first, then a name."""
    with Store(state_folder(os.environ)) as store:
        given = (("ada", "7"), ("7", "8"))
        store.book.record("week1", [replace(submission(of, RIGHT, 1, ""), account=account) for of, account in given])
    _, told, _ = said(capsys, *BOOK, "--history", name)
    assert f"{name}, {told[0]}" == shown
    code, _, errors = said(capsys, *BOOK, "--history", "ada")
    assert (code, "name one of them as one of 'name ada', '7'" in errors) == (2, True)


def test_exercises_of_one_name_are_told_apart(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "exercises" / "other").mkdir()
    (course / "exercises" / "other" / "double.yaml").write_text(DOUBLE % (2, 2, 4))
    path = course / "exercises" / "assignments" / "week1.yaml"
    path.write_text(ASSIGNMENT.replace("[tensor/double,", "[tensor/double, other/double,"))
    decide = ("--override", "ada", "--points", "1", "--reason", "r")
    code, _, errors = said(capsys, *BOOK, *decide, "--exercise", "double")
    assert (code, "several exercises of week1 are called 'double'" in errors) == (2, True)
    assert "tensor/double, other/double" in errors
    assert said(capsys, *BOOK, *decide, "--exercise", "other/double")[0] == 0


def test_an_assignment_that_nobody_handed_in_is_no_regrade(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "exercises" / "assignments" / "week2.yaml").write_text(ASSIGNMENT)
    code, _, errors = said(capsys, "regrade", "--assignment", "exercises/assignments/week2.yaml")
    assert (code, "nobody handed anything in for week2" in errors) == (2, True)
