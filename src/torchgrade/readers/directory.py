"""A class as a folder: a `.py` file, a notebook, an archive or a folder for each submitter.

submissions/
  alice.py              → alice
  bob/solution.py       → bob   (solution.py, else submission.py, else the only script or notebook)
  carol/                → carol, unreadable: nothing in it
  dan.ipynb, dan/       → dan, unreadable: which of the two counts?
  erin.zip              → erin: what is in the archive
  .git/  __pycache__/   → left out, as are __init__.py and other files

If all of it is in one folder of the same name (`class (1).zip` with `class/alice.py`), that folder is the class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePosixPath
from typing import ClassVar

from torchgrade.model.said import said
from torchgrade.readers.choose import PREFERRED
from torchgrade.readers.names import ARCHIVE, is_code
from torchgrade.readers.tree import Entry, Handin, Tree

_FEW = 4
_COPY = re.compile(r"( ?\(\d+\)|[-_ ]\d{1,2}|( -)? copy( ?\(?\d+\)?)?| \((another )?copy\))$", re.IGNORECASE)
"""What browsers and file managers put behind a name that is taken."""


class Directory:
    """Takes any tree: it is the last that is asked."""

    kind: ClassVar[str] = "directory"

    def claims(self, tree: Tree) -> bool:
        return True

    def handins(self, tree: Tree) -> Iterator[Handin]:
        entries = _within(tree)
        named = sorted(
            (each for each in entries if _counts(each)), key=lambda each: (_submitter(each), each.path.parts)
        )
        for submitter, own in groupby(named, key=_submitter):
            yield _handin(submitter, tuple(own))
        if entries is tree.entries:
            yield from _doubt(tree)


def _within(tree: Tree) -> Sequence[Entry]:
    """What is in a zipped folder that the archive is called after: the folder itself is no submitter."""
    if _folder_around(tree) in (tree.name, _COPY.sub("", tree.name)):
        return _below_it(tree)
    return tree.entries


def _folder_around(tree: Tree) -> str:
    """The one folder that everything lies in; empty if there is none."""
    tops = {entry.path.parts[0] if len(entry.path.parts) > 1 else "" for entry in tree.entries}
    return tops.pop() if len(tops) == 1 else ""


def _below_it(tree: Tree) -> tuple[Entry, ...]:
    return tuple(entry.at(PurePosixPath(*entry.path.parts[1:])) for entry in tree.entries)


def _doubt(tree: Tree) -> Iterator[Handin]:
    """A line for a folder that is read as one submitter's, and may be a class: nothing in it says what counts."""
    folder = _folder_around(tree)
    inside = {_submitter(entry).lower() for entry in _below_it(tree) if _is_work(entry)} if folder else set()
    if len(inside) > 1 and inside.isdisjoint(PREFERRED):
        says = f"All of it lies in {folder}/ and is read as one submitter's"
        hint = f"if that is a class, grade the folder {folder}/ itself, unpacked"
        yield Handin(submitter="", place=tree.place, files=(), problem=f"{says}: {hint}.")


def _counts(entry: Entry) -> bool:
    """False for files beside those of the class: grades.csv, README.md, __init__.py."""
    first = entry.path.parts[0]
    if len(entry.path.parts) > 1 or entry.is_folder:
        return not first.startswith("__")
    return _is_work(entry)


def _is_work(entry: Entry) -> bool:
    return is_code(entry.path) or entry.path.suffix.lower() == ARCHIVE


def _submitter(entry: Entry) -> str:
    is_below = len(entry.path.parts) > 1 or entry.is_folder
    return entry.path.parts[0] if is_below else entry.path.stem


def _handin(submitter: str, entries: tuple[Entry, ...]) -> Handin:
    tops = tuple(dict.fromkeys(_top(entry) for entry in entries))
    if len(tops) == 1 and len(entries) == 1 and entries[0].path.parts[1:] == ():
        return Handin(submitter=submitter, place=entries[0].place, files=entries)
    place = _folder(entries[0])
    if len(tops) == 1 and tops[0].endswith("/"):
        files = tuple(replace(entry, path=PurePosixPath(*entry.path.parts[1:])) for entry in entries)
        return Handin(submitter=submitter, place=place, files=files)
    listed = ", ".join(tops[:_FEW]) + (", …" if len(tops) > _FEW else "")
    return Handin(
        submitter=submitter,
        place=place,
        files=(),
        problem=said(
            "There are several submissions of {submitter} ({names}), and none says that it counts: keep one.",
            submitter=submitter,
            names=listed,
        ),
    )


def _top(entry: Entry) -> str:
    """`alice.py`, or `alice/` for whatever lies below it."""
    return entry.path.parts[0] + ("/" if len(entry.path.parts) > 1 or entry.is_folder else "")


def _folder(entry: Entry) -> str:
    """Where the submitter's file or folder is, from where an entry in it is."""
    below = len(entry.path.parts) - 1
    return str(PurePosixPath(*PurePosixPath(entry.place).parts[: -below or None]))
