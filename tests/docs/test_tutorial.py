"""docs/authors.md, followed from nothing to a proven exercise and a student's answer."""

from __future__ import annotations

from docs.pages import ROOT, Shell, follow

PAGE = ROOT / "docs" / "authors.md"


def test_the_tutorial_prints_what_it_shows(shell: Shell) -> None:
    assert not list(follow(PAGE, shell))
    assert shell.run("torchgrade prove exercises")[-1].endswith("✓")
