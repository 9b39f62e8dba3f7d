"""What was handed in as a tree of files, wherever it lies, and how a layout makes each submitter's share of it.

Nothing is read when a tree is made: an `Entry` knows its path and size, and `read` gives its bytes when wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file: its path below the tree, or below the submission's own folder once it is in a `Handin`.

    `size` is in bytes, as the folder or the archive says. `problem` says why it is not read ("It is a link, …"; a
    sentence for its student); empty if it is. `read` gives all its bytes, and raises OSError with a sentence if they
    cannot be had; nobody calls it if there is a problem. `place` is what people are told, as found.
    """

    path: PurePosixPath
    size: int
    problem: str
    read: Callable[[], bytes]
    place: str = ""
    is_folder: bool = False

    def at(self, path: PurePosixPath | str) -> Entry:
        """The same file under another path: below a submitter's folder, or under the name that it had for them."""
        return replace(self, path=PurePosixPath(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A folder, a zip file, or one file (a tree of one entry). Entries are sorted by path; folders are not entries.

    `name` is its own name without suffix (`hw1_submissions`), `place` is what people are told: its path as given.
    `is_one` is True if it is one file.
    """

    name: str
    place: str
    entries: tuple[Entry, ...]
    is_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Handin:
    """What one submitter handed in at one time; what the platform says of it is as in `Submission`.

    The paths of `files` are below the submission's own folder, under the names that the student gave them (`hw1.py`,
    `data/points.csv`). `problem` is set if the layout itself found that nothing can be graded.
    """

    submitter: str
    place: str
    files: tuple[Entry, ...]
    account: str = ""
    number: int = 0
    submitted: str = ""
    late: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What may be handed in beside the code (patterns of `fnmatch`), and imported; no `imports` means any module."""

    files: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


class Layout(Protocol):
    """How a platform names what was handed in: `readers.LAYOUTS`, the first that claims a tree reads it."""

    kind: ClassVar[str]

    def claims(self, tree: Tree) -> bool:
        """True if the tree's names are this platform's; reads as little as it can."""

    def handins(self, tree: Tree) -> Iterator[Handin]:
        """Each submitter's share, in a fixed order; a group's work once for each member."""
