"""README.md: its first screen is true and fits, what it names exists, and its links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.pages import PAGES, ROOT, Shell, blocks, commands, follow, matches
from torchgrade.model.kinds import Sandbox
from torchgrade.session import grade

README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
FIRST_SCREEN = TEXT[: TEXT.index("\n## ")]
FITS = 54
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def test_the_first_screen_fits() -> None:
    shown = [line for line in FIRST_SCREEN.splitlines() if not line.startswith("<!--")]
    assert len(shown) <= FITS


def test_the_first_screen_prints_what_it_shows(tmp_path: Path) -> None:
    """The installed command itself, in a process of its own."""
    for block in blocks(README):
        if block.file:
            path = tmp_path / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    (shown,) = (block for block in blocks(README) if block.language == "console")
    check, *_ = commands(shown)
    program = [str(Path(sys.executable).with_name("torchgrade")), *check.line.split()[1:]]
    environment = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"} | {"NO_COLOR": "1"}
    done = subprocess.run(
        program, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60
    )
    assert matches(check.output, tuple(done.stdout.rstrip().split("\n"))), done.stdout
    assert done.returncode == 1


def test_every_command_of_the_first_screen_prints_what_it_shows(shell: Shell) -> None:
    assert not list(follow(README, shell))


def test_the_python_example_says_what_it_prints(sandbox: Sandbox, tmp_path: Path) -> None:
    exercise, answer, example = (
        next(b for b in blocks(README) if mark in b.text) for mark in ("schema: 1", "def ", "import torchgrade")
    )
    (tmp_path / "answer.py").write_text(answer.text, encoding="utf-8")
    (tmp_path / "cubic.yaml").write_text(exercise.text, encoding="utf-8")
    attempt = grade(tmp_path / "answer.py", tmp_path / "cubic.yaml")
    assert f"# {attempt.verdict} {attempt.points} {attempt.max_points}" in example.text


def test_the_two_commands_at_the_top_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^    make (\w+)", FIRST_SCREEN, re.MULTILINE)
    assert targets == ["demo", "test"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


@pytest.mark.parametrize(
    "page", [README, ROOT / "CONTRIBUTING.md", *PAGES], ids=lambda page: str(page.relative_to(ROOT))
)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, heading in LINK.findall(page.read_text(encoding="utf-8")):
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in [anchor(title) for title in titles], f"{target}#{heading}"


def anchor(title: str) -> str:
    """What GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
