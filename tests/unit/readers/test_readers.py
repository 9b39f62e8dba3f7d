"""Readers: every file a submission, and no file a crash."""

from __future__ import annotations

import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from torchgrade.errors import UsageError
from torchgrade.model.observation import IncidentKind
from torchgrade.model.probe import Source
from torchgrade.readers import LAYOUTS, read, read_one
from torchgrade.readers.script import LARGEST
from torchgrade.readers.tree import Allowed

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
    [
        ((), "The folder is empty: hand in a .py file or a notebook."),
        (("one.py", "two.py"), "several .py files (one.py, two.py): put all functions"),
    ],
)
def test_a_folder_without_one_file_is_unreadable(folder: Path, names: tuple[str, ...], said: str) -> None:
    (folder / "dan").mkdir()
    for name in names:
        (folder / "dan" / name).write_text(SOURCE)
    submission, *_ = read(folder)
    assert submission.submitter == "dan"
    assert submission.problem is not None
    assert said in submission.problem.message


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        (("alice.py", "alice/solution.py"), "alice/, alice.py"),
        (("alice.py", "alice.ipynb"), "alice.ipynb, alice.py"),
        (("alice.zip", "alice.py"), "alice.py, alice.zip"),
        (
            ("alice.py", "alice.ipynb", "alice.zip", "alice/a.py", "alice/b.py"),
            "alice/, alice.ipynb, alice.py, alice.zip",
        ),
    ],
)
def test_two_submissions_of_one_submitter_are_one_that_says_so(
    folder: Path, names: tuple[str, ...], listed: str
) -> None:
    for name in (*names, "alice-2.py", "zoe.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SOURCE)
    alice, alice_2, zoe = sorted(read(folder), key=lambda each: each.submitter)
    assert (alice.submitter, alice_2.problem, zoe.problem) == ("alice", None, None)
    assert alice.problem is not None
    assert alice.problem.message == (
        f"There are several submissions of alice ({listed}), and none says that it counts: keep one."
    )


def test_a_zipped_folder_is_read_as_the_folder(tmp_path: Path, folder: Path) -> None:
    (folder / "bob").mkdir()
    (folder / "bob" / "solution.py").write_text(SOURCE)
    (folder / "zoe.py").write_text(SOURCE)
    with ZipFile(tmp_path / "class.zip", "w") as zipped:
        for path in sorted(folder.rglob("*")):
            zipped.write(path, path.relative_to(tmp_path))
    assert [(each.submitter, each.source) for each in read(tmp_path / "class.zip")] == [
        (each.submitter, each.source) for each in read(folder)
    ]
    assert [each.path for each in read(tmp_path / "class.zip")] == [
        f"{tmp_path}/class.zip/class/bob/solution.py",
        f"{tmp_path}/class.zip/class/zoe.py",
    ]


@pytest.mark.parametrize(
    ("name", "top", "submitters"),
    [
        ("class", "class", ["bob", "zoe"]),
        ("class (1)", "class", ["bob", "zoe"]),
        ("class(2)", "class", ["bob", "zoe"]),
        ("class-1", "class", ["bob", "zoe"]),
        ("class - Copy (3)", "class", ["bob", "zoe"]),
        ("class copy 2", "class", ["bob", "zoe"]),
        ("class (another copy)", "class", ["bob", "zoe"]),
        ("class (1)", "class (1)", ["bob", "zoe"]),
        ("class-2027", "class", ["class", ""]),
        ("classes", "class", ["class", ""]),
    ],
)
def test_a_copy_of_a_zipped_folder_is_the_folder(tmp_path: Path, name: str, top: str, submitters: list[str]) -> None:
    with ZipFile(tmp_path / f"{name}.zip", "w") as zipped:
        for member in ("bob/hw.py", "zoe.py"):
            zipped.writestr(f"{top}/{member}", SOURCE)
    assert [each.submitter for each in read(tmp_path / f"{name}.zip")] == submitters


@pytest.mark.parametrize(
    ("names", "is_told"),
    [
        (("x/a.py", "x/b.py"), True),
        (("x/a/solution.py", "x/b/solution.py"), True),
        (("x/a.zip", "x/b.ipynb"), True),
        (("x/a.py", "x/data/b.csv"), False),
        (("x/solution.py", "x/b.py"), False),
        (("x/a.py",), False),
        (("x/a.py", "y/b.py", "y/c.py"), False),
    ],
)
def test_a_folder_that_may_be_a_class_is_told(folder: Path, names: tuple[str, ...], is_told: bool) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SOURCE)
    told = [each.problem.message for each in read(folder) if each.problem and not each.submitter]
    says = "All of it lies in x/ and is read as one submitter's"
    assert told == ([f"{says}: if that is a class, grade the folder x/ itself, unpacked."] if is_told else [])


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_submitter_of_ones_own_is_one_submission(tmp_path: Path, folder: Path, is_folder: bool) -> None:
    (folder / "solution.py").write_text(SOURCE)
    (folder / "helpers.py").write_text("x = 1\n")
    with ZipFile(tmp_path / "class.zip", "w") as zipped:
        for path in folder.iterdir():
            zipped.write(path, path.name)
    submission = read_one(folder if is_folder else tmp_path / "class.zip", Allowed(files=("helpers.py",)))
    assert submission.submitter == "class"
    assert submission.source == Source(text=SOURCE, filename="solution.py", files=(("helpers.py", b"x = 1\n"),))


def test_people_who_share_a_name_are_told_apart(tmp_path: Path) -> None:
    for account in (1, 2):
        (tmp_path / f"Ann Lee-{account}-a.py").write_text(SOURCE)
    (tmp_path / "Bo-3-a.py").write_text(SOURCE)
    found = read(tmp_path, pattern=r"(?P<submitter>[^-]+)-(?P<account>\d+)-(?P<file>.+)")
    assert [each.submitter for each in found] == ["Ann Lee (1)", "Ann Lee (2)", "Bo"]


def test_folders_have_an_end(folder: Path) -> None:
    (folder / "bob" / "/".join("x" * 20)).mkdir(parents=True)
    (folder / "bob" / "/".join("x" * 20) / "a.py").write_text(SOURCE)
    (submission,) = read(folder)
    assert submission.problem is not None
    assert "more than 16 folders deep" in submission.problem.message


@pytest.mark.parametrize("name", ["__init__.py", ".hidden.py", "notes.txt", "data.csv"])
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
    assert "It is a link" in submission.problem.message
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


def test_every_layout_is_under_its_kind() -> None:
    assert all(kind == layout.kind for kind, layout in LAYOUTS.items())
    assert list(LAYOUTS)[-1] == "directory"  # which takes anything
