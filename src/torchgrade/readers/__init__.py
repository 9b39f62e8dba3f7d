"""From paths to submissions.

    path → Tree (folder | archive | one file) → Handins (a layout of `LAYOUTS`) → Submissions (assemble)

A layout is a file here and a line in `LAYOUTS`; the first that claims a tree reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from torchgrade.errors import UsageError
from torchgrade.model.said import said
from torchgrade.model.submission import Submission
from torchgrade.readers.archive import archive
from torchgrade.readers.assemble import assemble
from torchgrade.readers.canvas import Canvas
from torchgrade.readers.directory import Directory
from torchgrade.readers.folder import folder, one_file
from torchgrade.readers.gradescope import Gradescope
from torchgrade.readers.moodle import Moodle
from torchgrade.readers.names import ARCHIVE, CODE, LINK, printable
from torchgrade.readers.nbgrader import Nbgrader
from torchgrade.readers.pattern import Pattern
from torchgrade.readers.problems import HandinError
from torchgrade.readers.tree import Allowed, Handin, Layout, Tree

LAYOUTS: Mapping[str, Layout] = {
    "gradescope": Gradescope(),
    "moodle": Moodle(),
    "canvas": Canvas(),
    "nbgrader": Nbgrader(),
    "directory": Directory(),
}
_HINT = said("give a .py file, a notebook, or a folder or .zip with a file or a folder for each submitter")


def read(path: Path, allowed: Allowed | None = None, pattern: str = "") -> Iterator[Submission]:
    """The submissions at `path`, in a fixed order; what cannot be read is a Submission with a `problem`.

    `pattern` is a regular expression with named groups for paths that no layout knows. Raises UsageError where there is
    nothing that could be read.
    """
    with tree(path) as found:
        for handin in handins(found, pattern):
            yield assemble(handin, allowed or Allowed())


def read_one(path: Path, allowed: Allowed | None = None) -> Submission:
    """All of `path` as one submitter's: a script, a notebook, or the archive or folder of what they hand in."""
    _refuse_unknown(path)
    return _all_of(path, printable(path.resolve().name if path.is_dir() else path.stem), allowed)


def read_of(submitter: str, path: Path, allowed: Allowed | None = None) -> Submission:
    """All of `path` as what this submitter handed in: if it is a link, then so is that, and it is not followed.

    In a folder, which may be a checkout, people are told a file's path below it: `hw1/answers.py`.
    """
    if path.is_symlink():
        place = printable(path.name)
        return assemble(Handin(submitter=submitter, place=place, files=(), problem=LINK), allowed or Allowed())
    _refuse_unknown(path)
    found = _all_of(path, submitter, allowed)
    return replace(found, path=found.path.removeprefix(f"{printable(str(path))}/")) if path.is_dir() else found


@contextmanager
def tree(path: Path) -> Iterator[Tree]:
    """What is at `path`; its entries can be read until the context ends."""
    _refuse_unknown(path)
    if path.is_dir():
        yield folder(path)
    elif path.suffix.lower() == ARCHIVE and path.is_file():
        with path.open("rb") as stream:
            try:
                found = archive(stream, printable(path.stem), printable(str(path)))
            except HandinError as error:
                raise UsageError(said("{path}: {problem}", path=printable(str(path)), problem=error.message)) from None
            yield found
    else:
        yield one_file(path)


def handins(tree: Tree, pattern: str = "") -> Iterator[Handin]:
    """Each submitter's share, one after another; people who share a name are told apart by their accounts."""
    layout = Pattern(pattern) if pattern else next(each for each in LAYOUTS.values() if each.claims(tree))
    shared = _shared_names(layout, tree)
    for handin in layout.handins(tree):
        if handin.submitter in shared:
            yield replace(handin, submitter=f"{handin.submitter} ({handin.account})")
        else:
            yield handin


def _shared_names(layout: Layout, tree: Tree) -> frozenset[str]:
    accounts: dict[str, str] = {}
    return frozenset(
        handin.submitter
        for handin in layout.handins(tree)
        if handin.account and accounts.setdefault(handin.submitter, handin.account) != handin.account
    )


def _all_of(path: Path, submitter: str, allowed: Allowed | None) -> Submission:
    own = folder(path) if path.is_dir() else one_file(path)
    return assemble(Handin(submitter=submitter, place=own.place, files=own.entries), allowed or Allowed())


def _refuse_unknown(path: Path) -> None:
    if not path.exists() and not path.is_symlink():
        raise UsageError(said("{path}: there is no such file or folder", path=printable(str(path))), hint=_HINT)
    if not path.is_dir() and path.suffix.lower() not in (*CODE, ARCHIVE):
        raise UsageError(said("{path}: nobody here can read this kind of file", path=printable(str(path))), hint=_HINT)
