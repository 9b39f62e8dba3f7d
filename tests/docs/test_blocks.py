"""Every exercise that stands in the documentation loads and proves, and every command prints what the page shows."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from docs.pages import PAGES, ROOT, Block, Shell, blocks, follow
from torchgrade.authoring.prove import prove
from torchgrade.errors import ExerciseError
from torchgrade.model.kinds import Sandbox
from torchgrade.spec.load import load

ALL = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES)
EXERCISES = [
    pytest.param(block, id=f"{page.relative_to(ROOT)}-{number}")
    for page in ALL
    for number, block in enumerate(blocks(page))
    if block.is_exercise
]
FOLLOWED = [ROOT / "docs" / name for name in ("students.md", "instructors.md", "assignments.md", "ci.md", "scaling.md")]


@pytest.mark.parametrize("block", EXERCISES)
def test_an_exercise_tells_right_from_wrong(block: Block, sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / (block.file or "exercises/topic/exercise.yaml")
    path.parent.mkdir(parents=True)
    path.write_text(block.text, encoding="utf-8")
    try:
        faults = prove(load(path, tmp_path / "exercises"), sandbox).faults
    except ExerciseError as error:
        faults = error.diagnostics
    assert bool(faults) == block.refused, "\n".join(map(str, faults))


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.name)
def test_what_a_page_shows_is_what_is_printed(page: Path, shell: Shell) -> None:
    given = Path(__file__).with_name(page.stem)
    if given.is_dir():
        copytree(given, shell.folder, dirs_exist_ok=True)
    assert not list(follow(page, shell))


def test_every_page_with_commands_is_followed() -> None:
    shown = {page for page in PAGES if any(block.language == "console" for block in blocks(page))}
    assert shown == {*FOLLOWED, ROOT / "docs" / "authors.md"}
