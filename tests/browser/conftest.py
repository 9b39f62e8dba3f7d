"""Real reports of a class of 60, graded once in each language, and a browser to look at them.

Without Chromium or axe-core these tests are skipped, loudly; in CI they fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.browser.chromium import Chromium, Tab, chromium, tab
from tests.browser.install import HOW, missing
from tests.classes.handin import Kind
from tests.classes.layouts import write
from tests.classes.members import Plan, members

from torchgrade.spec.load import load_bank

HERE = Path(__file__).parent
EXERCISES = HERE.parents[1] / "exercises"
IDS = ("linalg/solve", "tensor/matrix-and-vector", "autograd/cubic-minus-square")
MIX = {Kind.RIGHT: 50, Kind.WRONG: 40, Kind.CRASHING: 6, Kind.EMPTY: 4}
COUNT = 60
LANGUAGES = ("en", "zh")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if absent := missing():
        told = f"THE TESTS OF PAGES ARE SKIPPED: {absent} is missing. To have them: {HOW}."
        terminalreporter.write_line(told, red=True, bold=True)


@pytest.fixture(scope="session")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of 60: one whom we know, and 59 whom the generator makes."""
    if absent := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{absent} is missing: {HOW}")
    folder = tmp_path_factory.mktemp("browser")
    bank = {each.id: each for each in load_bank(EXERCISES)[0]}
    plan = Plan(exercises=tuple(bank[id] for id in IDS), count=COUNT - 1, mix=MIX, seed=5)
    write("directory", tuple(members(plan)), folder / "class")
    for path in (HERE / "submissions").iterdir():
        shutil.copy(path, folder / "class")
    return folder


@pytest.fixture(scope="session")
def reports(handed_in: Path) -> Mapping[str, Path]:
    """The folder of the report in each language; both are graded side by side."""
    folders = {language: handed_in / language for language in LANGUAGES}
    running = [_grading(handed_in / "class", language, folder) for language, folder in folders.items()]
    for each in running:
        printed, _ = each.communicate(timeout=500)
        assert each.returncode == 0, printed[-2000:]
    return folders


def _grading(submissions: Path, language: str, folder: Path) -> subprocess.Popen[str]:
    told = {"--exercises": str(EXERCISES), "--lang": language, "--format": "json,html", "--report": str(folder)}
    options = [word for each in (*told.items(), *(("--id", id) for id in IDS)) for word in each]
    return subprocess.Popen(
        [sys.executable, "-m", "torchgrade", "grade", str(submissions), *options, "--seed", "1", "--jobs", "1"],
        env={**os.environ, "XDG_STATE_HOME": str(folder.with_name(f"{folder.name}-state"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="session")
def browser(handed_in: Path) -> Iterator[Chromium]:
    with chromium(handed_in / "profile") as running:
        yield running


@pytest.fixture(scope="session")
def page(browser: Chromium) -> Tab:
    return tab(browser)
