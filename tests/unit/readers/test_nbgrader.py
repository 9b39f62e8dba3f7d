"""nbgrader's folders: those of students are read, the others are refused with a hint."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from torchgrade.errors import UsageError
from torchgrade.readers.nbgrader import Nbgrader
from torchgrade.readers.tree import Entry, Tree

MARKED = b'{"cells": [{"metadata": {"nbgrader": {}}}]}'


def a_tree(*paths: str, name: str = "cs101", content: bytes = MARKED) -> Tree:
    entries = [
        Entry(path=PurePosixPath(path), size=1, problem="", read=lambda: content, place=path) for path in sorted(paths)
    ]
    return Tree(name=name, place=name, entries=tuple(entries))


@pytest.mark.parametrize(
    ("tree", "claimed"),
    [
        (a_tree("submitted/ada/hw1/hw1.py"), True),
        (a_tree("cs101/submitted/ada/hw1/hw1.py"), True),
        (a_tree("ada/hw1/hw1.py", name="submitted"), True),
        (a_tree("ada/hw1/timestamp.txt", "ada/hw1/hw1.py"), True),
        (a_tree("ada/hw1/hw1.py"), False),
        (a_tree("ada/solution.py", "ada/data/a.csv", "ada/data/b.csv", name="submitted"), False),
        (a_tree("submitted.py"), False),
        (
            a_tree("ada/hw1/timestamp.txt", "ada/hw1/a.py", "ben/hw1/timestamp.txt", "ben/hw1/a.py", "eve/hw1/a.py"),
            True,
        ),
        (a_tree("ada/solution.py", "ben/solution.py", "eve/x/timestamp.txt", "eve/solution.py"), False),
        (a_tree("ada/a/solution.py", "ben/b/solution.py", "eve/x/timestamp.txt"), False),
        (a_tree("ada.py", "ben.py", "eve/x/timestamp.txt"), False),
        (a_tree("submitted/ada/a.py", "submitted/ben/a.py", "submitted/eve/x/timestamp.txt"), False),
        (a_tree("release/hw1/hw1.ipynb"), True),
        (a_tree("hw1/hw1.ipynb", name="release"), True),
        (a_tree("ada/hw1/hw1.ipynb", "ada/hw1/timestamp.txt", name="autograded"), True),
        (a_tree("hw1/hw1.ipynb", name="release", content=b"{}"), False),
        (a_tree("alice/hw1.py", name="source"), False),
    ],
)
def test_what_is_claimed(tree: Tree, claimed: bool) -> None:
    assert Nbgrader().claims(tree) is claimed


@pytest.mark.parametrize(
    ("tree", "stage"),
    [
        (a_tree("ada/hw1/hw1.ipynb", "ada/hw1/timestamp.txt", name="autograded"), "autograded"),
        (a_tree("hw1/hw1.ipynb", name="release"), "release"),
        (a_tree("cs101/source/hw1/hw1.ipynb"), "source"),
    ],
)
def test_other_stages_are_refused(tree: Tree, stage: str) -> None:
    with pytest.raises(UsageError, match=f"nbgrader's folder `{stage}`") as raised:
        list(Nbgrader().handins(tree))
    assert raised.value.hint == "give the folder `submitted` beside it"


def test_several_assignments_are_not_mixed() -> None:
    with pytest.raises(UsageError, match="there are 2 assignments: hw1, hw2") as raised:
        list(Nbgrader().handins(a_tree("submitted/ada/hw1/a.py", "submitted/ada/hw2/a.py")))
    assert "--pattern '(.*/)?(?P<submitter>[^/]+)/hw1/.+'" in raised.value.hint
