"""A folder of submissions: a `.py` file or a folder for each submitter.

submissions/
  alice.py              → alice
  bob/solution.py       → bob   (solution.py, else submission.py, else the only .py file)
  carol/                → carol, unreadable: no .py file
  .git/  __pycache__/   → left out, as are __init__.py and other files
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from torchgrade.model.submission import Submission
from torchgrade.readers.script import submission, unreadable

PREFERRED = ("solution.py", "submission.py")


class Directory:
    """A folder; links in it are not followed, because what they lead to was not handed in."""

    kind: ClassVar[str] = "directory"

    def claims(self, path: Path) -> bool:
        return path.is_dir()

    def read(self, path: Path) -> Iterator[Submission]:
        for entry in sorted(path.iterdir(), key=lambda entry: entry.name):
            if entry.is_dir() and not entry.name.startswith((".", "__")):
                yield _of_folder(entry)
            elif _is_python(entry):
                yield _of_file(entry, entry.stem)


def _of_folder(folder: Path) -> Submission:
    if folder.is_symlink():
        return unreadable(folder, folder.name, "A link was handed in, not a folder.")
    files = sorted((entry for entry in folder.iterdir() if _is_python(entry)), key=lambda entry: entry.name)
    chosen = [file for name in PREFERRED for file in files if file.name == name] or files
    if not chosen:
        return unreadable(folder, folder.name, "There is no .py file in what was handed in.")
    if len(files) > 1 and chosen is files:
        names = ", ".join(file.name for file in files)
        return unreadable(
            folder, folder.name, f"There are several .py files ({names}): put all functions into solution.py."
        )
    return _of_file(chosen[0], folder.name)


def _of_file(path: Path, submitter: str) -> Submission:
    if path.is_symlink():
        return unreadable(path, submitter, "A link was handed in, not a file.")
    return submission(path, submitter)


def _is_python(entry: Path) -> bool:
    return entry.suffix == ".py" and not entry.name.startswith((".", "__")) and not entry.is_dir()
