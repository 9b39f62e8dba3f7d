"""Readers: every file a submission, and no file a crash."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from torchgrade.errors import UsageError
from torchgrade.model.observation import IncidentKind
from torchgrade.readers import READERS, read
from torchgrade.readers.script import LARGEST

SOURCE = "def solve(A, b):\n    return A\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "class").mkdir()
    return tmp_path / "class"


def test_a_script_is_one_submission(tmp_path: Path) -> None:
    path = tmp_path / "alice.py"
    path.write_text(SOURCE)
    (submission,) = read(path)
    assert (submission.submitter, submission.source.text) == ("alice", SOURCE)
    assert (submission.source.filename, submission.path, submission.problem) == ("alice.py", str(path), None)
    assert submission.digest == hashlib.sha256(SOURCE.encode()).hexdigest()


def test_a_byte_order_mark_is_no_part_of_the_source(tmp_path: Path) -> None:
    path = tmp_path / "alice.py"
    path.write_bytes(b"\xef\xbb\xbf" + SOURCE.encode())
    (submission,) = read(path)
    assert submission.source.text == SOURCE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty (0 bytes)"),
        (b"x = 1\ny = '\xe9'\n", "not UTF-8 text (byte 0xe9 on line 2)"),
        (b"#" * (LARGEST + 1), "larger than 1 MB"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "alice.py"
    path.write_bytes(content)
    (submission,) = read(path)
    assert submission.problem is not None
    assert submission.problem.kind is IncidentKind.UNREADABLE
    assert said in submission.problem.message
    assert submission.source.text == ""


def test_the_largest_file_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "alice.py"
    path.write_bytes(b"#" * LARGEST)
    (submission,) = read(path)
    assert submission.problem is None


def test_a_folder_has_a_submitter_for_each_file_and_folder(folder: Path) -> None:
    (folder / "zoe.py").write_text(SOURCE)
    (folder / "bob").mkdir()
    (folder / "bob" / "solution.py").write_text(SOURCE)
    (folder / "bob" / "scratch.py").write_text("x = 1\n")
    (folder / "carol").mkdir()
    (folder / "carol" / "week3.py").write_text(SOURCE)
    submissions = list(read(folder))
    assert [each.submitter for each in submissions] == ["bob", "carol", "zoe"]
    assert [each.source.filename for each in submissions] == ["solution.py", "week3.py", "zoe.py"]
    assert not any(each.problem for each in submissions)


@pytest.mark.parametrize(
    ("names", "said"),
    [((), "There is no .py file"), (("one.py", "two.py"), "several .py files (one.py, two.py): put all functions")],
)
def test_a_folder_without_one_file_is_unreadable(folder: Path, names: tuple[str, ...], said: str) -> None:
    (folder / "dan").mkdir()
    for name in names:
        (folder / "dan" / name).write_text(SOURCE)
    (submission,) = read(folder)
    assert submission.submitter == "dan"
    assert submission.problem is not None
    assert said in submission.problem.message


@pytest.mark.parametrize("name", ["__init__.py", ".hidden.py", "notes.txt", "week.ipynb"])
def test_other_files_of_a_folder_are_left_out(folder: Path, name: str) -> None:
    (folder / name).write_text(SOURCE)
    (folder / "__pycache__").mkdir()
    (folder / ".git").mkdir()
    assert list(read(folder)) == []


@pytest.mark.parametrize("target", ["secret.py", "secrets"])
def test_links_in_a_folder_are_not_followed(folder: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.py").write_text("canary = 1\n")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "solution.py").write_text("canary = 1\n")
    (folder / Path(target).with_stem("eve").name).symlink_to(tmp_path / target)
    (submission,) = read(folder)
    assert submission.problem is not None
    assert "A link was handed in" in submission.problem.message
    assert "canary" not in submission.source.text


def test_a_pipe_is_no_file(folder: Path) -> None:
    os.mkfifo(folder / "eve.py")
    (submission,) = read(folder)
    assert submission.problem is not None
    assert "no ordinary file" in submission.problem.message


def test_names_that_are_no_text_can_be_written(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.py")).write_text(SOURCE)
    (submission,) = read(folder)
    submission.submitter.encode("utf-8")
    assert submission.submitter.startswith("caf")


@pytest.mark.parametrize("name", ["nothing.py", "nothing", "grades.csv"])
def test_what_no_reader_claims_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "grades.csv").write_text("a,b\n")
    with pytest.raises(UsageError, match=r"no such file|can read this kind"):
        list(read(tmp_path / name))


def test_every_reader_is_under_its_kind() -> None:
    assert all(kind == reader.kind for kind, reader in READERS.items())
