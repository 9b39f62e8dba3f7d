"""What the exports of all platforms have in common: a folder around everything, and files that belong to nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from torchgrade.readers.tree import Entry, Handin, Tree

_SHOWN = 5
_SUBMITTED = "submitted"
_STUDENTS = re.compile(r".+_assignsubmission_[a-z]+_?")
"""A student's folder, of Moodle."""


def unwrapped(tree: Tree, known: Callable[[str], bool]) -> tuple[Entry, ...]:
    """The entries below the folders that wrap them all; a folder whose name is `known` is no wrapper.

    Whoever unpacks an archive and packs it again puts such a folder around it. Where one student alone handed in, what
    wraps everything may be theirs: what lies in it must not pose as a platform's export.
    """
    entries = tree.entries
    while entries:
        first = entries[0].path.parts[0]
        if known(first) or _STUDENTS.fullmatch(first):
            break
        if any(entry.path.parts[0] != first or len(entry.path.parts) == 1 for entry in entries):
            break
        entries = tuple(entry.at(below(entry, 1)) for entry in entries)
        if first == _SUBMITTED:  # nbgrader's: students' folders are next
            break
    return entries


def below(entry: Entry, depth: int) -> PurePosixPath:
    """The entry's path below the folder that lies so deep; its name, if it is that folder itself."""
    return PurePosixPath(*entry.path.parts[depth:]) if len(entry.path.parts) > depth else PurePosixPath(entry.path.name)


def own_name(text: str, entry: Entry) -> PurePosixPath:
    """The name that a file had for its student, cut out of the one it has here; never one that leads elsewhere."""
    return PurePosixPath(entry.path.name) if text in ("", ".", "..") or "/" in text else PurePosixPath(text)


def strays(tree: Tree, entries: Sequence[Entry], rule: str) -> Iterator[Handin]:
    """One line for all files that belong to nobody: a Handin without a submitter; none if there are none."""
    if entries:
        names = ", ".join(str(entry.path) for entry in entries[:_SHOWN])
        more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
        count = f"{len(entries)} file{' is' if len(entries) == 1 else 's are'}"
        yield Handin(submitter="", place=tree.place, files=(), problem=f"{count} left out, not {rule}: {names}{more}.")
