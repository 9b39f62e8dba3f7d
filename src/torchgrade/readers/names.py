"""Names of files and folders, which are a stranger's text: which are left out, which lead astray."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from torchgrade.model.said import said

CODE = (".py", ".ipynb")
ARCHIVE = ".zip"
LINK = said("It is a link, and what it leads to was not handed in: hand in the file itself.")
NO_FILE = said("It is no ordinary file: hand in a file.")
EMPTY_FOLDER = said("The folder is empty: hand in a .py file or a notebook.")
DEEPEST = 16
TOO_DEEP = said(
    "The folder lies more than {depth} folders deep: hand in your files without so many folders.", depth=DEEPEST
)
_LITTER = frozenset(("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"))
_DRIVE = re.compile(r"^[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def printable(name: str) -> str:
    """A file name as one line of text that can be written in UTF-8: what is no such text becomes question marks."""
    if name.isascii() and name.isprintable():
        return name  # the same object: a class has many
    return _CONTROL.sub("?", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def is_litter(name: str) -> bool:
    """True for what systems and editors leave behind: .git, .DS_Store, ._notes, __MACOSX, __pycache__, …"""
    return name.startswith(".") or name in _LITTER


def is_code(path: PurePosixPath) -> bool:
    """True for a script or a notebook, by its name."""
    return path.suffix.lower() in CODE and not path.name.startswith("__")


def inside(name: str) -> tuple[PurePosixPath, str]:
    """A path as an archive tells it: what is left of it below the archive, and what is wrong with it.

    Backslashes separate as well: some systems write them. Nothing is ever written where such a path leads.
    """
    text = name.replace("\\", "/")
    parts = tuple(part for part in text.split("/") if part not in ("", "."))
    is_astray = text.startswith("/") or ".." in parts or bool(parts and _DRIVE.match(parts[0]))
    left = _DRIVE.sub("", "/".join(parts), count=1).split("/") if is_astray else parts
    path = PurePosixPath(*(printable(part) for part in left if part not in ("", "..")))
    astray = said("Its name in the archive, {name}, leads outside of it.", name=repr(printable(name)))
    return path, astray if is_astray else ""
