"""One sandbox for all pages: every command that asks for one gets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import Shell
from torchgrade.cli import isolation
from torchgrade.model.kinds import Sandbox
from torchgrade.sandbox import ISOLATIONS, strongest
from torchgrade.session import one


class Lent:
    """A sandbox that somebody else closes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.level = sandbox.level
        self.measure = sandbox.measure

    def __enter__(self) -> Lent:
        return self

    def __exit__(self, *exception: object) -> None:
        """Left open for the next page."""


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with strongest() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The sandbox, and the only one there is for commands run in this process."""
    monkeypatch.setitem(ISOLATIONS, "sandbox", lambda warmth: Lent(running))
    for module in (isolation, one):
        monkeypatch.setattr(module, "strongest", lambda: Lent(running))
    return running


@pytest.fixture
def shell(sandbox: Sandbox, tmp_path: Path) -> Shell:
    folder = tmp_path / "work"
    folder.mkdir()
    return Shell(folder)
