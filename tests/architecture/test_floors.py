"""The floors: rooms import only downwards, and nobody but the worker imports torch."""

from __future__ import annotations

from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]


def kept(config: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.chdir(ROOT)
    return lint_imports(config_filename=str(config), no_cache=True) == 0


def test_every_contract_of_pyproject_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept(ROOT / "pyproject.toml", monkeypatch)


def test_a_broken_floor_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "broken.toml"
    config.write_text(
        "[tool.importlinter]\n"
        'root_package = "torchgrade"\n'
        "[[tool.importlinter.contracts]]\n"
        'name = "upside down"\n'
        'type = "layers"\n'
        'containers = ["torchgrade"]\n'
        'layers = ["model", "cli"]\n'
        "[[tool.importlinter.contracts]]\n"
        'name = "the session knows no judge"\n'
        'type = "forbidden"\n'
        'source_modules = ["torchgrade.session"]\n'
        'forbidden_modules = ["torchgrade.grading"]\n'
    )
    assert not kept(config, monkeypatch)
