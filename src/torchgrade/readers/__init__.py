"""From paths to submissions: each reader is a file here and a line in `READERS`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from torchgrade.errors import UsageError
from torchgrade.model.kinds import Reader
from torchgrade.model.submission import Submission
from torchgrade.readers.directory import Directory
from torchgrade.readers.script import Script

READERS: Mapping[str, Reader] = {"script": Script(), "directory": Directory()}


def read(path: Path) -> Iterator[Submission]:
    """The submissions at `path`, in a fixed order; what cannot be read is a Submission with a `problem`."""
    for reader in READERS.values():
        if reader.claims(path):
            return reader.read(path)
    raise UsageError(
        f"{path}: "
        + ("nobody here can read this kind of file" if path.exists() else "there is no such file or folder"),
        hint="give a .py file, or a folder with a .py file or a folder for each submitter",
    )
