"""Canvas, "Download Submissions": one flat folder whose file names say whose they are.

    lovelaceada_4711_98765_hw1.py           name, user id, attachment id, file name
    zhangwei_LATE_4712_98770_hw1-1.py       late; handed in again, so Canvas gave the file a number
    curiemarie_4713_text.html               typed into Canvas, or a link: no file
    anon_kF3dx_98771_hw1.py                 graded anonymously; LATE_anon_… if late

The name is the sortable one without spaces and signs (`Lovelace, Ada`). The archive holds everybody's last attempt, and
of a group's only its representative's. The number in `hw1-1.py` counts files of that name in the student's folder for
the whole course, so it says nothing of attempts. Attachment ids rise: that of an attempt's newest file puts it in
order, whatever else lies beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

from torchgrade.model.said import said
from torchgrade.readers.export import own_name, strays, unwrapped
from torchgrade.readers.names import is_code
from torchgrade.readers.tree import Entry, Handin, Tree

_NAME = re.compile(
    r"(?:(?P<anonymous_late>LATE_)?anon_(?P<anonymous>\w+?)|(?P<name>.*?)(?P<late>_?LATE|_late)?_(?P<user>\d+))"
    r"_(?:(?P<file>\d{1,18})_(?P<original>.+)|(?P<typed>text|link)\.html)"
)
_AGAIN = re.compile(r"-\d{1,2}(?=(?:\.[A-Za-z][A-Za-z0-9]*)*\.[A-Za-z0-9]+$)")
_TYPED = said("Text or a link was given to Canvas, no file: hand in a .py file or a notebook.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upload:
    """One file of the export; `original` is empty for what was typed."""

    submitter: str
    account: str
    late: bool
    order: int
    original: str
    entry: Entry


class Canvas:
    """The submissions of a Canvas assignment: the archive, or the folder it was unpacked to."""

    kind: ClassVar[str] = "canvas"

    def claims(self, tree: Tree) -> bool:
        """At least half of the files are named so, and their ids are consistent: dates in names look like ids."""
        uploads, others = _sorted_out(tree)
        names = {(each.account, each.submitter) for each in uploads}
        files = {each.order for each in uploads if each.original}
        return (
            bool(uploads)
            and not tree.is_one
            and len(uploads) >= len(others)
            and len({account for account, _ in names}) == len(names)
            and len(files) == len({each.entry.path for each in uploads if each.original})
        )

    def handins(self, tree: Tree) -> Iterator[Handin]:
        uploads, others = _sorted_out(tree)
        uploads.sort(key=lambda each: (each.submitter, each.account, each.order))
        shares: dict[tuple[str, str], list[_Upload]] = {}
        for each in uploads:
            shares.setdefault((each.submitter, each.account), []).append(each)
        common = {each.original for each in uploads}
        for share in shares.values():
            yield from _handins(tree, share, common)
        yield from strays(tree, others, "named as Canvas names what was handed in")


def _sorted_out(tree: Tree) -> tuple[list[_Upload], list[Entry]]:
    """The files that are named by the rule, and the others."""
    uploads: list[_Upload] = []
    others: list[Entry] = []
    for entry in unwrapped(tree, lambda name: False):
        found = _NAME.fullmatch(str(entry.path)) if len(entry.path.parts) == 1 else None
        if found is None:
            others.append(entry)
        else:
            uploads.append(_upload(found, entry))
    return uploads, others


def _upload(found: re.Match[str], entry: Entry) -> _Upload:
    account = found["anonymous"] or found["user"]
    return _Upload(
        submitter=f"anon_{account}" if found["anonymous"] else found["name"] or account,
        account=account,
        late=bool(found["late"] or found["anonymous_late"]),
        order=int(found["file"] or 0),
        original=found["original"] or "",
        entry=entry,
    )


def _handins(tree: Tree, share: list[_Upload], common: Collection[str]) -> Iterator[Handin]:
    """One for each time that a file of the same name was handed in; folders of two downloads may have been merged."""
    versions: dict[str, list[_Upload]] = {}
    for each in share:
        if each.original:
            versions.setdefault(each.original, []).append(each)
    names = _original_names(versions, common)
    times = max(map(len, versions.values()), default=0)
    for time in range(times or 1):
        chosen = {name: found[min(time, len(found) - 1)] for name, found in versions.items()}
        yield Handin(
            submitter=share[0].submitter,
            account=share[0].account,
            place=share[0].entry.place or tree.place,
            files=tuple(each.entry.at(own_name(names[name], each.entry)) for name, each in sorted(chosen.items())),
            number=max((each.order for each in chosen.values()), default=0),
            late=any(each.late for each in chosen.values() or share),
            problem="" if versions else _TYPED,
        )


def _original_names(own: Collection[str], common: Collection[str]) -> dict[str, str]:
    """What each file was called before Canvas gave it a number.

    Never so that two files become one; data only if somebody handed in that name, for `grid-1.csv` may be its own.
    """
    bare = {name: _AGAIN.sub("", name) for name in own}
    taken = [*own, *bare.values()]
    return {
        name: old if taken.count(old) == 1 and (is_code(PurePosixPath(old)) or old in common) else name
        for name, old in bare.items()
    }
