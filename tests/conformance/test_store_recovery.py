"""A process that keeps attempts is killed at any moment: the store is sound, and lacks what was in flight at most."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.unit.store.pieces import EXERCISES, HEADER, added, attempt, done, grade, submission

from torchgrade.store.database import Store

KILLS, SUBMISSIONS = 20, 400
ROOT = Path(__file__).parents[2]
SUBMITTED = [submission(f"s{number:03}", f"x = {number}\n" * 40) for number in range(SUBMISSIONS)]


def keeps(folder: str) -> None:
    """In a process of its own: grade what is pending, and tell whose work is kept as soon as it is."""
    with Store(Path(folder)) as store:
        run = added(store.run(EXERCISES, HEADER, "en"), SUBMITTED)
        for task in run.pending():
            run.keep(done(task))
            print(task.submission.submitter, flush=True)


def killed(folder: Path, after: int, seconds: float) -> list[str]:
    """Whose work a process says is kept; it is killed some seconds after so many of them, while it goes on."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"from {__name__} import keeps; keeps({str(folder)!r})"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(after)]
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    rest, _ = process.communicate()
    return [line.strip() for line in [*told, *rest.splitlines()] if line.strip()]


def kept(folder: Path) -> set[str]:
    """Whose work is in the store, each with all of its attempts, and that the file is sound."""
    with sqlite3.connect(folder / "store.sqlite") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()
    with Store(folder) as store:
        found = [each.submitter for each in added(store.run(EXERCISES, HEADER, "en"), SUBMITTED).attempts()]
    assert len(found) == len(EXERCISES) * len(set(found))  # a transaction is there as a whole or not at all
    return set(found)


def test_what_was_kept_outlives_every_kill(tmp_path: Path) -> None:
    chance = random.Random(4)  # noqa: S311 - moments, not secrets
    folder, before = tmp_path / "state", set[str]()
    for _ in range(KILLS):
        told = killed(folder, chance.randrange(15), chance.random() / 200)
        after = kept(folder)
        assert before | set(told) <= after
        assert len(after) <= len(before | set(told)) + 1  # kept, and killed before it was told
        before = after
    assert 0 < len(before) < SUBMISSIONS, "no kill came in between"
    with Store(folder) as store:
        run = added(store.run(EXERCISES, HEADER, "en"), SUBMITTED)
        grade(run)
        assert list(run.attempts()) == [attempt(each, one.id) for each in SUBMITTED for one in EXERCISES]


def test_a_kill_at_the_beginning_leaves_a_store_that_works(tmp_path: Path) -> None:
    for number in range(10):
        folder = tmp_path / str(number)
        killed(folder, 0, 0.1 + number / 40)
        with Store(folder) as store:
            assert grade(added(store.run(EXERCISES, HEADER, "en"), SUBMITTED[:3])) <= 9
