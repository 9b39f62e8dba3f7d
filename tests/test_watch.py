"""`torchgrade check --watch`, the installed command itself: saves are seen, nothing but Ctrl-C ends it."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from tests import interrupts

from docs.pages import ROOT, blocks, matches
from torchgrade.cli.exits import INTERRUPTED

PAGE = ROOT / "docs" / "students.md"
HUNG = 120
"""Seconds after which a test gives up."""
WRONG = "def vector_sum(x):\n    return x.sum(dim=0, keepdim=True)\n"
RIGHT = "def vector_sum(x):\n    return x.sum()\n"
TIME = re.compile(r"^── \d\d:\d\d:\d\d ─+$")


class Watching:
    """The command at work; its lines are read as it prints them."""

    def __init__(self, folder: Path, *options: str) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
        self._lines: queue.Queue[str] = queue.Queue()
        self._process = subprocess.Popen(
            [str(Path(sys.executable).with_name("torchgrade")), "check", "vector_sum.py", "--watch", *options],
            cwd=folder,
            env=environment | {"NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=interrupts.heard,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def until(self, words: str) -> list[str]:
        """What is printed up to a line that begins with these words."""
        seen: list[str] = []
        while not seen or not seen[-1].startswith(words):
            seen.append(self._lines.get(timeout=HUNG))
        return seen

    def interrupt(self) -> int:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(HUNG)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    copytree(Path(__file__).parent / "docs" / "students", tmp_path, dirs_exist_ok=True)
    (tmp_path / "vector_sum.py").write_text(WRONG)
    return tmp_path


@pytest.fixture
def watching(here: Path) -> Iterator[Watching]:
    found = Watching(here)
    yield found
    found.close()


def test_the_page_shows_what_is_printed(here: Path, watching: Watching) -> None:
    (shown,) = (block.text for block in blocks(PAGE) if "--watch" in block.text and block.language == "text")
    printed = watching.until("0 of 1 accepted")
    (here / "vector_sum.py").write_text(RIGHT)
    printed += watching.until("everything is accepted")
    _, *lines = shown.splitlines()
    assert matches(*(tuple(TIME.sub("── time", line) for line in each) for each in (lines, printed))), printed
    assert watching.interrupt() == INTERRUPTED
    assert watching.until("interrupted")


def test_whatever_happens_to_the_file_it_goes_on(here: Path, watching: Watching) -> None:
    path = here / "vector_sum.py"
    watching.until("0 of 1 accepted")
    path.unlink()
    (here / "new").write_text("def vector_sum(x):\n    return x.su")
    (here / "new").replace(path)
    assert any("AttributeError" in line for line in watching.until("0 of 1 accepted"))
    path.write_text("")
    watching.until("vector_sum.py: The file is empty")
    path.write_text("def vector_sum(x:\n")
    assert any("Python cannot read this file in line 1" in line for line in watching.until("0 of 1 accepted"))
    path.write_text("def vector_some(x):\n    return x\n")
    watching.until("vector_sum.py defines no function of an exercise in exercises; did you mean 'vector_sum'?")
    path.write_text("import os\n\n\ndef vector_sum(x):\n    os._exit(3)\n")
    watching.until("0 of 1 accepted; not yet: tensor/sum")
    (here / "exercises" / "tensor" / "sum.yaml").rename(here / "sum.yaml")
    path.write_text(RIGHT)
    watching.until("there are no exercises in exercises")
    (here / "sum.yaml").rename(here / "exercises" / "tensor" / "sum.yaml")
    path.write_text(RIGHT + "\n")
    watching.until("everything is accepted")
    assert watching.interrupt() == INTERRUPTED


def test_what_can_never_be_checked_is_refused_at_once(here: Path) -> None:
    found = Watching(here, "tensor/some")
    try:
        assert found.until("hint: torchgrade list")[0].startswith("torchgrade: there is no exercise 'tensor/some'")
    finally:
        found.close()


def test_it_speaks_chinese(here: Path) -> None:
    (here / "vector_sum.py").write_text(RIGHT)
    found = Watching(here, "--lang", "zh")
    try:
        assert found.until("全部通过")[0].startswith("正在监视 vector_sum.py")
    finally:
        found.close()
