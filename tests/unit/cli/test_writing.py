"""Pages of a class: all of this run, none of an earlier one, and nothing else is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from torchgrade.cli.writing import OURS, replacing, sweep, write_pages
from torchgrade.errors import ReportError

PAGE = b"<!doctype html>\n<html>" + OURS


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_pages_of_an_earlier_run_go_and_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "students"
    write_pages(folder, [("a.html", PAGE), ("b.html", PAGE)])
    (folder / "mine.html").write_bytes(b"<p>mine")
    (folder / "notes.txt").write_bytes(OURS)
    write_pages(folder, [("b.html", PAGE + b"new")])
    assert names(folder) == ["b.html", "mine.html", "notes.txt"]
    assert (folder / "b.html").read_bytes() == PAGE + b"new"


def test_a_folder_without_pages_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "students"
    write_pages(folder, [])
    assert not folder.exists()
    write_pages(folder, [("a.html", PAGE)])
    sweep(folder)
    assert not folder.exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    write_pages(elsewhere, [("a.html", PAGE)])
    (tmp_path / "students").symlink_to(elsewhere)
    with pytest.raises(ReportError, match="is a link"):
        write_pages(tmp_path / "students", [("b.html", PAGE)])
    sweep(tmp_path / "students")
    assert names(elsewhere) == ["a.html"]


def test_what_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as stream:
        stream.write(b"ne")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["report.html"]


def test_a_temporary_name_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    """Whoever can write into the folder may have guessed the number of the process."""
    (tmp_path / "theirs").write_bytes(b"kept")
    (tmp_path / f".report.json.{os.getpid()}").symlink_to(tmp_path / "theirs")
    with replacing(tmp_path / "report.json") as stream:
        stream.write(b"new")
    assert (tmp_path / "report.json").read_bytes() == b"new"
    assert not (tmp_path / "report.json").is_symlink()
    assert (tmp_path / "theirs").read_bytes() == b"kept"
