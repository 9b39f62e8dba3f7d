"""nbgrader: `submitted/<student>/<assignment>/…`, as its exchange and `zip_collect` leave it.

    submitted/alovelace/hw1/hw1.ipynb
    submitted/alovelace/hw1/timestamp.txt       2024-02-02 15:58:23.948203 UTC (or what `Exchange.timezone` says: PST)

What is given is the course's folder, or `submitted` itself, or an archive of one of them. The other stages of nbgrader
hold no work of students, or work that is changed already: they are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from torchgrade.errors import UsageError
from torchgrade.readers.export import below, strays, unwrapped
from torchgrade.readers.moments import told
from torchgrade.readers.names import is_code
from torchgrade.readers.tree import Entry, Handin, Tree

SUBMITTED = "submitted"
TIMESTAMP = "timestamp.txt"
_STAGES = ("autograded", "feedback", "release", "source")
_LARGEST_TIMESTAMP = 1000
_LARGEST_NOTEBOOK = 4 * 2**20


class Nbgrader:
    """What nbgrader collected of one assignment."""

    kind: ClassVar[str] = "nbgrader"

    def claims(self, tree: Tree) -> bool:
        return not tree.is_one and (_is_collected(tree) or bool(_stage(tree)))

    def handins(self, tree: Tree) -> Iterator[Handin]:
        if not _is_collected(tree):
            raise UsageError(
                f"{tree.place}: this is nbgrader's folder `{_stage(tree)}`, not what students handed in",
                hint="give the folder `submitted` beside it",
            )
        entries, others = _collected(tree)
        assignments = sorted({entry.path.parts[1] for entry in entries})
        if len(assignments) > 1:
            raise UsageError(
                f"{tree.place}: there are {len(assignments)} assignments: {', '.join(assignments)}",
                hint=f"choose one: --pattern '(.*/)?(?P<submitter>[^/]+)/{assignments[0]}/.+'",
            )
        shares: dict[str, list[Entry]] = {}
        for entry in entries:
            shares.setdefault(entry.path.parts[0], []).append(entry.at(below(entry, 2)))
        for student, files in shares.items():
            yield _handin(tree, student, files)
        yield from strays(tree, others, "in submitted/<student>/<assignment>")


def _is_course(name: str) -> bool:
    return name in (SUBMITTED, *_STAGES)


def _collected(tree: Tree) -> tuple[list[Entry], list[Entry]]:
    """The files that are `<student>/<assignment>/…`, and those beside them that are not."""
    course = unwrapped(tree, _is_course)
    found = [entry.at(below(entry, 1)) for entry in course if entry.path.parts[0] == SUBMITTED]
    if not found and tree.name not in _STAGES and (tree.name == SUBMITTED or _has_timestamps(tree.entries)):
        found = list(tree.entries)
    return (
        [entry for entry in found if len(entry.path.parts) > 2],
        [entry for entry in found if len(entry.path.parts) <= 2],
    )


def _is_collected(tree: Tree) -> bool:
    """True if it lies as deep as nbgrader puts it: `submitted` may be anybody's name for a folder."""
    entries, others = _collected(tree)
    return bool(entries) and (_has_timestamps((*entries, *others)) or not any(is_code(entry.path) for entry in others))


def _has_timestamps(entries: Iterable[Entry]) -> bool:
    """True if most students' work has one: anybody can have a file of that name, and would decide for the class."""
    students, stamped = set(), set()
    for entry in entries:
        if len(entry.path.parts) > 1 or is_code(entry.path):
            students.add(entry.path.parts[0])
        if len(entry.path.parts) == 3 and entry.path.name == TIMESTAMP:
            stamped.add(entry.path.parts[0])
    return 2 * len(stamped) > len(students)


def _stage(tree: Tree) -> str:
    """Which other stage of nbgrader the tree is, or holds; empty if none. A notebook with its marks must be there."""
    for name in _STAGES:
        entries = [entry for entry in unwrapped(tree, _is_course) if tree.name == name or entry.path.parts[0] == name]
        notebooks = [entry for entry in entries if entry.path.suffix == ".ipynb"]
        if notebooks and _is_marked(notebooks[0]):
            return name
    return ""


def _is_marked(notebook: Entry) -> bool:
    if notebook.problem or notebook.size > _LARGEST_NOTEBOOK:
        return False
    try:
        return b'"nbgrader"' in notebook.read()
    except OSError:
        return False


def _handin(tree: Tree, student: str, files: list[Entry]) -> Handin:
    stamps = [entry for entry in files if str(entry.path) == TIMESTAMP]
    return Handin(
        submitter=student,
        account=student,
        place=files[0].place or tree.place,
        files=tuple(entry for entry in files if entry not in stamps),
        submitted=_moment(stamps[0]) if stamps else "",
    )


def _moment(stamp: Entry) -> str:
    """nbgrader reads a time without a zone as UTC. Of a file that says nothing, its name stands for what was told."""
    if stamp.problem or stamp.size > _LARGEST_TIMESTAMP:
        return TIMESTAMP
    try:
        return told(stamp.read().decode("utf-8-sig", "replace")) or TIMESTAMP
    except OSError:
        return TIMESTAMP
