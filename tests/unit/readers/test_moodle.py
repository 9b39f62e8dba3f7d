"""Names that Moodle makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from torchgrade.readers.moodle import Moodle
from torchgrade.readers.names import EMPTY_FOLDER
from torchgrade.readers.tree import Entry, Tree


def a_tree(*paths: str) -> Tree:
    entries = [Entry(path=PurePosixPath(path), size=1, problem="", read=bytes, place=path) for path in sorted(paths)]
    return Tree(name="class", place="class", entries=tuple(entries))


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        ("Ada Lovelace_1_assignsubmission_file/hw1.py", True),
        ("Ada Lovelace_1_assignsubmission_file_hw1.py", True),
        ("CS101/Ada Lovelace_1_assignsubmission_file_/hw1.py", True),
        ("ada/assignsubmission_file/hw1.py", False),
        ("Ada Lovelace_1_assignfeedback_file/hw1.py", False),
        ("ada.py", False),
        ("adalovelace_4711_98765_x_assignsubmission_file_y.py", False),
        ("adalovelace_LATE_4711_98765_assignsubmission_file_y.py", False),
        ("anon_kF3dx_98765_assignsubmission_file_y.py", False),
        ("LATE_anon_kF3dx_98765_x_assignsubmission_file_y.py", False),
        ("anon_5_assignsubmission_file_hw1.py", True),
        ("Ada Lovelace_1_assignsubmission_file_1_2_hw1.py", True),
    ],
)
def test_what_is_claimed(path: str, claimed: bool) -> None:
    assert Moodle().claims(a_tree(path)) is claimed
    assert not Moodle().claims(replace(a_tree(path), is_one=True))


@pytest.mark.parametrize(
    ("path", "submitter", "account", "file"),
    [
        ("Ada Lovelace_1_assignsubmission_file_/hw1.py", "Ada Lovelace", "1", "hw1.py"),
        ("Ada_Lovelace_1_assignsubmission_file/a/b.py", "Ada Lovelace", "1", "a/b.py"),
        ("Ada 2 Lovelace 3_1_assignsubmission_file/hw1.py", "Ada 2 Lovelace 3", "1", "hw1.py"),
        ("Default group_assignsubmission_file/hw1.py", "Default group", "", "hw1.py"),
        ("Participant_7_assignsubmission_file/hw1.py", "Participant 7", "7", "hw1.py"),
        ("Ada_1_assignsubmission_file_..", "Ada", "1", "Ada_1_assignsubmission_file_.."),
    ],
)
def test_a_name_is_taken_apart(path: str, submitter: str, account: str, file: str) -> None:
    (handin,) = Moodle().handins(a_tree(path))
    assert (handin.submitter, handin.account) == (submitter, account)
    assert [str(each.path) for each in handin.files] == [file]


def test_an_empty_folder_is_a_hand_in() -> None:
    path = PurePosixPath("Ada_1_assignsubmission_file")
    empty = Entry(path=path, size=0, problem=EMPTY_FOLDER, read=bytes, place="there", is_folder=True)
    (handin,) = Moodle().handins(Tree(name="class", place="class", entries=(empty,)))
    assert (handin.submitter, [each.problem for each in handin.files]) == ("Ada", [EMPTY_FOLDER])


def test_a_mixture_of_platforms_is_told() -> None:
    tree = a_tree("Ada Lovelace_1_assignsubmission_file/hw1.py", "benbitdiddle_4712_98765_hw1.py", "eva.py")
    ada, rest = Moodle().handins(tree)
    assert (ada.submitter, rest.submitter) == ("Ada Lovelace", "")
    assert rest.problem == (
        "2 files are left out, not named as Moodle names what was handed in: benbitdiddle_4712_98765_hw1.py, eva.py."
    )
