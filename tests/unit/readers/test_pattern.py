"""Patterns of teachers: what they take apart, and what is wrong with them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from torchgrade.errors import UsageError
from torchgrade.readers.pattern import Pattern
from torchgrade.readers.tree import Entry, Tree


def a_tree(*paths: str) -> Tree:
    entries = [Entry(path=PurePosixPath(path), size=1, problem="", read=bytes, place=path) for path in sorted(paths)]
    return Tree(name="class", place="class", entries=tuple(entries))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?P<submitter>", "this is no regular expression: missing ), unterminated subpattern"),
        ("(?P<submitter>x)(?P<submitter>y)", "redefinition of group name"),
        ("(.*)", "it has no group (?P<submitter>…)"),
        ("(?P<student>.*)", "it has no group (?P<submitter>…)"),
        ("(?P<submitter>.*)(?P<extra>.*)", "there is no use for a group named extra"),
        ("x{99999999999999999999}", "this is no regular expression"),
    ],
)
def test_a_pattern_that_is_none_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        Pattern(pattern)
    assert f"--pattern {pattern}: " in raised.value.message
    assert said in raised.value.message
    assert raised.value.hint


def test_a_pattern_that_matches_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="matches none of 2 files") as raised:
        list(Pattern(r"(?P<submitter>\d+)").handins(a_tree("a.py", "b.py")))
    assert raised.value.hint == "it must match from the start of a path such as a.py"


@pytest.mark.parametrize(
    ("pattern", "path", "submitter", "file"),
    [
        (r"(?P<submitter>\w+)\.py", "ada.py", "ada", "ada.py"),
        (r"(?P<submitter>[^_]+)_(?P<file>.+)", "ada_hw_1.py", "ada", "hw_1.py"),
        (r"(?P<submitter>[^/]+)/", "ada/src/hw1.py", "ada", "src/hw1.py"),
        (r"hw1/(?P<submitter>[^/]+)/", "hw1/ada/hw1.py", "ada", "hw1.py"),
        (r"(?P<submitter>[^_]+)_(?P<file>.+)", "ada_..", "ada", "ada_.."),
    ],
)
def test_a_path_is_taken_apart(pattern: str, path: str, submitter: str, file: str) -> None:
    (handin,) = Pattern(pattern).handins(a_tree(path))
    assert (handin.submitter, [str(each.path) for each in handin.files]) == (submitter, [file])


@pytest.mark.parametrize(("text", "late"), [("LATE", True), ("late", True), ("", False), ("no", False), ("0", False)])
def test_late_is_a_group_that_says_something(text: str, late: bool) -> None:
    (handin,) = Pattern(r"(?P<submitter>[a-z]+)-(?P<late>\w*)\.py").handins(a_tree(f"ada-{text}.py"))
    assert handin.late is late


def test_a_time_without_an_offset_is_this_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        (handin,) = Pattern(r"(?P<submitter>\w+)@(?P<submitted>[\d-]+)\.py").handins(a_tree("ada@2024-03-01-235900.py"))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert handin.submitted == "2024-03-01T23:59:00+08:00"
