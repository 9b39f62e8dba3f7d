"""All of a path as what one person handed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from torchgrade.cli import main
from torchgrade.readers import read_of
from torchgrade.readers.tree import Allowed

RIGHT = "def double(x):\n    return 2 * x\n"


def test_a_checkout_is_one_submission_with_paths_below_it(tmp_path: Path) -> None:
    (tmp_path / "week1").mkdir()
    for name in ("week1/solution.py", "week1/doubling.py"):
        (tmp_path / name).write_text(RIGHT)
    found = read_of("ada", tmp_path, Allowed(files=("doubling.py",)))
    assert (found.submitter, found.path, found.problem) == ("ada", "week1/solution.py", None)
    assert [name for name, _ in found.source.files] == ["doubling.py"]


def test_a_file_is_called_as_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "answers.py").write_text(RIGHT)
    assert read_of("ada", tmp_path / "answers.py").path == str(tmp_path / "answers.py")


def test_an_empty_folder_is_a_submission_with_a_problem(tmp_path: Path) -> None:
    found = read_of("ada", tmp_path)
    assert found.problem is not None
    assert found.problem.message == "There is no .py file and no notebook in what was handed in."


@pytest.mark.parametrize("name", ["answers.py", "folder"])
def test_a_link_is_not_followed(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "solution.py").write_text("CANARY = 1\n")
    (tmp_path / name).symlink_to(tmp_path / "secret" / ("solution.py" if "." in name else ""))
    found = read_of("ada", tmp_path / name)
    assert found.problem is not None
    assert found.problem.message.startswith("It is a link, ")
    assert "CANARY" not in repr(found)


@pytest.mark.parametrize("more", [("other.py",), ("--pattern", "(?P<submitter>.+)")])
def test_one_person_hands_in_one_path(
    more: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("answers.py", "other.py"):
        (tmp_path / name).write_text(RIGHT)
    assert main(["grade", "answers.py", *more, "--submitter", "ada"]) == 2
    assert capsys.readouterr().err == (
        "torchgrade: --submitter names who handed in all of PATH\n"
        "hint: give one PATH, and no --pattern, or leave it out\n"
    )
