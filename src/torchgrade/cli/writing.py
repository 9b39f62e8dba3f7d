"""Files of reports: each written under a temporary name, then renamed; pages of an earlier run do not stay."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from torchgrade.errors import ReportError

OURS = b'<meta name="generator" content="torchgrade">'
"""Stands at the beginning of every page of ours: nothing else is ever removed."""
_BEGINNING = 400


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """What is written takes the place of the file when all of it is there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.unlink(missing_ok=True)  # of a run that was killed; or a link, which could lead anywhere
        with temporary.open("xb") as stream:
            yield stream
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_pages(folder: Path, pages: Iterable[tuple[str, bytes]]) -> None:
    """The pages, and no others of ours: a folder that would be empty is not made."""
    written = set()
    for name, content in pages:
        if folder.is_symlink():
            raise ReportError(f"{folder} is a link", hint="pages go into a folder of their own: remove the link")
        folder.mkdir(exist_ok=True)
        with replacing(folder / name) as stream:
            stream.write(content)
        written.add(name)
    sweep(folder, written)


def sweep(folder: Path, kept: Collection[str] = ()) -> None:
    """Remove the pages of an earlier run from a folder, and the folder if nothing else is in it."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in folder.glob("*.html"):
        if path.name not in kept and path.is_file() and not path.is_symlink() and _is_ours(path):
            path.unlink()
    with suppress(OSError):
        folder.rmdir()


def _is_ours(path: Path) -> bool:
    with path.open("rb") as stream:
        return OURS in stream.read(_BEGINNING)
