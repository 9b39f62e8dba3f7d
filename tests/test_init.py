"""`torchgrade init`: what it writes works as its own page says, and nothing is overwritten."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from torchgrade.cli import main


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_the_three_commands_of_its_page_work(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "week/course"]) == 0
    monkeypatch.chdir(here / "week" / "course")
    assert main(["validate"]) == 0
    assert "1 exercise, 1 assignment, 0 faults" in capsys.readouterr().out
    shown = re.findall(r"^    torchgrade (.*)$", Path("README.md").read_text(encoding="utf-8"), re.MULTILINE)
    prove, bundle, grade = map(shlex.split, shown)
    assert main(prove) == 0
    assert main(bundle) == 0
    right = Path("handout/double.py").read_text(encoding="utf-8").replace("raise NotImplementedError", "return x + x")
    Path("submissions").mkdir()
    Path("submissions/ann.py").write_text(right, encoding="utf-8")
    assert main(grade) == 0
    assert re.search(r"^ann +tensor/double +✓ accepted +2 / 2$", capsys.readouterr().out, re.MULTILINE)


def test_what_the_commands_write_is_ignored_by_git(here: Path) -> None:
    assert main(["init", "course"]) == 0
    ignored = set((here / "course" / ".gitignore").read_text().splitlines())
    assert {"/reports/", "/handout/", "/submissions/"} <= ignored


def test_schemas_are_where_files_look_for_them(here: Path) -> None:
    assert main(["init", "course"]) == 0
    for path in (here / "course").rglob("*.yaml"):
        (schema,) = re.findall(r"\$schema=(\S+)", path.read_text(encoding="utf-8"))
        assert (path.parent / schema).is_file()


def test_it_may_go_into_a_folder_that_has_other_things(here: Path) -> None:
    (here / "course" / "exercises").mkdir(parents=True)
    (here / "course" / "notes.txt").write_text("mine")
    assert main(["init", "course"]) == 0
    assert (here / "course" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ("README.md", "course/README.md exists already, and nothing was written"),
        ("exercises/assignments/week1.yaml", "course/exercises/assignments/week1.yaml exists already"),
        ("schemas/exercise.schema.json", "course/schemas/exercise.schema.json exists already"),
        ("exercises", "course/exercises is no folder"),
    ],
)
def test_it_overwrites_nothing(there: str, said: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = here / "course" / there
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    assert main(["init", "course"]) == 2
    assert said in capsys.readouterr().err
    assert tree(here / "course") == {there: "mine"}


def test_a_link_is_not_followed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "course").mkdir()
    (here / "course" / "README.md").symlink_to(here / "elsewhere")
    assert main(["init", "course"]) == 2
    assert "course/README.md exists already" in capsys.readouterr().err
    assert not (here / "elsewhere").exists()


def test_a_file_is_no_folder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "course").write_text("mine")
    assert main(["init", "course"]) == 2
    assert "course is no folder\nhint: name a new folder" in capsys.readouterr().err


def test_what_cannot_be_written_is_a_refusal(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "n" * 300]) == 2
    assert "cannot be written: File name too long" in capsys.readouterr().err
