"""`check --watch`: what counts as a save, however an editor does it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from torchgrade.cli.watch import State, next_save

Step = Callable[[Path], None]


def rename(path: Path) -> None:
    """As vim and many others save: another file takes its place; here of the same size and time."""
    beside = path.with_name("beside")
    beside.write_text("one")
    about = path.stat()
    os.utime(beside, ns=(about.st_atime_ns, about.st_mtime_ns))
    beside.replace(path)


def write(text: str) -> Step:
    def step(path: Path) -> None:
        path.write_text(text)

    return step


def remove(path: Path) -> None:
    path.unlink()


def nothing(path: Path) -> None:
    """Time goes by."""


def pauses(path: Path, steps: list[Step]) -> Callable[[], None]:
    """One step of somebody else while we wait; waiting longer than they have steps for is a failure."""
    left = iter(steps)
    return lambda: next(left)(path)


def seen(path: Path) -> State:
    return next_save(path, None, lambda: None)


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ([nothing, write("changed"), nothing], "changed"),
        ([nothing, nothing, nothing, rename, nothing], "one"),
        ([remove, nothing, nothing, write("back again"), nothing], "back again"),
        ([write("ha"), write("half of"), write("half of it, and all"), nothing], "half of it, and all"),
        ([write(""), write("truncated first"), nothing], "truncated first"),
    ],
    ids=["written", "renamed", "away for a moment", "written bit by bit", "truncated first"],
)
def test_a_save_is_seen_when_it_is_whole(steps: list[Step], text: str, tmp_path: Path) -> None:
    path = tmp_path / "answer.py"
    path.write_text("one")
    state = next_save(path, seen(path), pauses(path, steps))
    assert (path.read_text(), state) == (text, seen(path))


@pytest.mark.parametrize("steps", [[], [nothing] * 3, [remove, nothing, nothing]])
def test_without_a_save_it_waits(steps: list[Step], tmp_path: Path) -> None:
    path = tmp_path / "answer.py"
    path.write_text("one")
    with pytest.raises(StopIteration):
        next_save(path, seen(path), pauses(path, steps))


def test_the_first_look_is_at_once(tmp_path: Path) -> None:
    path = tmp_path / "answer.py"
    path.write_text("one")
    assert next_save(path, None, pauses(path, [nothing]))[1] == 3
