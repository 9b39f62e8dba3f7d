"""Names that Canvas makes, and names that only look like them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from torchgrade.readers.canvas import Canvas
from torchgrade.readers.tree import Entry, Tree


def a_tree(*paths: str, is_one: bool = False) -> Tree:
    entries = [Entry(path=PurePosixPath(path), size=1, problem="", read=bytes, place=path) for path in sorted(paths)]
    return Tree(name="class", place="class", entries=tuple(entries), is_one=is_one)


@pytest.mark.parametrize(
    ("paths", "claimed"),
    [
        (("lovelaceada_4711_98765_hw1.py",), True),
        (("lovelaceada_4711_98765_hw1.py", "README.md"), True),
        (("lovelaceada_4711_98765_hw1.py", "README.md", "grades.csv"), False),
        (("lovelaceada_4711_text.html",), True),
        (("alice.py", "bob.py"), False),
        (("alice/hw_1_2_3.py", "bob/hw_1_2_3.py"), False),
        (("alice_2024_11_hw1.py", "bob_2024_11_hw1.py"), False),  # a date is nobody's id
        (("alice_2024_11_hw1.py", "bob_2023_11_hw1.py"), False),  # a month is no attachment's
        (("alice_4711_1000000000000000000_hw1.py",), False),  # more than a store holds is no id
        ((), False),
    ],
)
def test_what_is_claimed(paths: tuple[str, ...], claimed: bool) -> None:
    assert Canvas().claims(a_tree(*paths)) is claimed


def test_one_file_is_no_export() -> None:
    assert not Canvas().claims(a_tree("lovelaceada_4711_98765_hw1.py", is_one=True))


@pytest.mark.parametrize(
    ("name", "submitter", "account", "late", "file"),
    [
        ("ada_1_2_hw1.py", "ada", "1", False, "hw1.py"),
        ("ada_LATE_1_2_hw1.py", "ada", "1", True, "hw1.py"),
        ("adaLATE_1_2_hw1.py", "ada", "1", True, "hw1.py"),
        ("ada_late_1_2_hw1.py", "ada", "1", True, "hw1.py"),
        ("ada_1_2_3_4_hw1.py", "ada", "1", False, "3_4_hw1.py"),
        ("van_dyke_1_2_hw1.py", "van_dyke", "1", False, "hw1.py"),
        ("ada_1_2_hw1-1.py", "ada", "1", False, "hw1.py"),
        ("ada_1_2_hw-1.2.py", "ada", "1", False, "hw-1.2.py"),
        ("ada_1_2_grid-1.csv", "ada", "1", False, "grid-1.csv"),
        ("anon_x1Y2z_2_hw1.py", "anon_x1Y2z", "x1Y2z", False, "hw1.py"),
        ("LATE_anon_x1Y2z_2_hw1.py", "anon_x1Y2z", "x1Y2z", True, "hw1.py"),
        ("ada_1_2_..", "ada", "1", False, "ada_1_2_.."),
    ],
)
def test_a_name_is_taken_apart(name: str, submitter: str, account: str, late: bool, file: str) -> None:
    (handin,) = Canvas().handins(a_tree(name))
    assert (handin.submitter, handin.account, handin.late) == (submitter, account, late)
    assert [str(each.path) for each in handin.files] == [file]


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (("hw1.py", "hw1-1.py"), ["hw1-1.py", "hw1.py"]),
        (("part-1.py", "part-2.py"), ["part-1.py", "part-2.py"]),
        (("hw1-3.py", "data-3.csv"), ["data-3.csv", "hw1.py"]),
    ],
)
def test_two_files_never_become_one(names: tuple[str, ...], files: list[str]) -> None:
    (handin,) = Canvas().handins(a_tree(*(f"ada_1_{number}_{name}" for number, name in enumerate(names))))
    assert sorted(str(each.path) for each in handin.files) == files
