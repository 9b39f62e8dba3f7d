"""A run that is killed again and again, at any moment, ends with the report of one that was not disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import interrupts
from tests.classes.handin import Kind
from tests.classes.layouts import write
from tests.classes.members import Plan, members

from torchgrade.spec.load import load_bank

ROOT = Path(__file__).parents[2]
EXERCISES = ("tensor/sum", "linalg/solve", "autograd/quadratic")
KILLS = 20
SUBMITTERS = 60
MIX = {Kind.RIGHT: 60.0, Kind.WRONG: 30.0, Kind.CRASHING: 5.0, Kind.EMPTY: 5.0}
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class on the disk."""
    bank = {exercise.id: exercise for exercise in load_bank(ROOT / "exercises")[0]}
    plan = Plan(exercises=tuple(bank[name] for name in EXERCISES), count=SUBMITTERS, mix=MIX, seed=7)
    folder = tmp_path_factory.mktemp("class") / "handed-in"
    write("directory", list(members(plan)), folder)
    return folder


@pytest.fixture
def start(handed_in: Path, tmp_path: Path) -> Start:
    """`grade` of the class, with a store of a name; its reports go to a folder of that name."""

    def start(name: str, *options: str) -> subprocess.Popen[str]:
        named = [word for each in EXERCISES for word in ("--id", each)]
        command = [sys.executable, "-m", "torchgrade", "grade", str(handed_in), "--exercises", "exercises", *named]
        return subprocess.Popen(
            [*command, "--seed", "1", "--format", "json", "--report", str(tmp_path / name), *options],
            cwd=ROOT,
            env={**os.environ, "XDG_STATE_HOME": str(tmp_path / f"state-{name}")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=interrupts.heard,
        )

    return start


def ended(process: subprocess.Popen[str]) -> str:
    """What it told on stderr."""
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    return told


def test_killed_at_any_moment_the_report_is_the_same(start: Start, tmp_path: Path) -> None:
    began = time.monotonic()
    ended(start("undisturbed"))
    whole = time.monotonic() - began
    moments, done = random.Random(4), 0  # noqa: S311
    for _ in range(KILLS):
        process = start("killed")
        time.sleep(moments.uniform(0.3, 0.7) * whole)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        done += process.returncode == 0
    told = ended(start("killed"))
    assert "attempts are unchanged" in told
    assert done < KILLS, "it was never killed in the middle"
    reports = [(tmp_path / name / "report.json").read_bytes() for name in ("undisturbed", "killed")]
    assert reports[0] == reports[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_request_to_end_is_heard(start: Start, number: signal.Signals, tmp_path: Path) -> None:
    process = start("asked")
    store = tmp_path / "state-asked" / "torchgrade" / "store.sqlite-wal"
    until = time.monotonic() + 60
    while not (store.exists() and store.stat().st_size > 200_000):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(process.pid, number)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "submissions are graded and kept; the same command goes on from there" in told
    assert not (tmp_path / "asked" / "report.json").exists()


def test_shards_merged_are_the_whole(start: Start, tmp_path: Path) -> None:
    ended(start("undisturbed"))
    for part in ("1/3", "2/3", "3/3"):
        ended(start(part.replace("/", "-of-"), "--shard", part))
    parts = [str(tmp_path / f"{part}-of-3") for part in (2, 3, 1)]
    subprocess.run(
        [sys.executable, "-m", "torchgrade", "merge", *parts, "--report", str(tmp_path / "merged"), "--format", "json"],
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "merged" / "report.json").read_bytes() == (tmp_path / "undisturbed" / "report.json").read_bytes()
