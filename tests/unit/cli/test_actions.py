"""GitHub Actions reads our log: what students wrote is no command there, and a summary is never too long."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from torchgrade.cli.actions import SUMMARY_BYTES, add_summary, harmless


@pytest.mark.parametrize("in_actions", [True, False])
def test_nothing_printed_in_between_is_a_command(
    in_actions: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true" if in_actions else "")
    with harmless():
        click.echo("::error::forged")
    lines = capsys.readouterr().out.splitlines()
    assert lines[len(lines) // 2] == "::error::forged"
    if in_actions:
        token = lines[0].removeprefix("::stop-commands::")
        assert (len(token), lines[2]) == (32, f"::{token}::")
    assert len(lines) == (3 if in_actions else 1)


def test_commands_are_heard_again_after_a_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    with pytest.raises(ValueError, match="oops"), harmless():
        raise ValueError("oops")
    first, last = capsys.readouterr().out.splitlines()
    assert last == f"::{first.removeprefix('::stop-commands::')}::"


def test_the_summary_is_added_to_and_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    add_summary(["é".encode()] * SUMMARY_BYTES)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("before\né")
    assert text.endswith("(cut here; the whole report is in the reports folder)\n")
    assert path.stat().st_size < SUMMARY_BYTES + 100


def test_without_a_summary_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    add_summary([b"text"])
