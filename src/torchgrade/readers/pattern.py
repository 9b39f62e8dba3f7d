"""File names of no known platform, told apart by a regular expression with named groups.

    --pattern '(?P<submitter>\\w+)_attempt(?P<number>\\d+)_(?P<file>.+)'

It is matched from the start of each file's path below the folder or archive (`/` between folders). Files of the same
submitter, account, number and time are one submission. It is the teacher's own and runs without a bound: one that
takes exponential time hangs here, as it would anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import ClassVar

from torchgrade.errors import UsageError
from torchgrade.readers.export import own_name, strays
from torchgrade.readers.moments import told
from torchgrade.readers.names import printable
from torchgrade.readers.tree import Entry, Handin, Tree

GROUPS = ("submitter", "account", "number", "submitted", "late", "file")
_EXAMPLE = r"for example (?P<submitter>[^_]+)_(?P<file>.+)"
_NOT_LATE = ("", "0", "no", "false")


class Pattern:
    """Files whose names `pattern` takes apart. Raises UsageError for what is no regular expression, or names nobody."""

    kind: ClassVar[str] = "pattern"

    def __init__(self, pattern: str) -> None:
        try:
            self._pattern = re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            raise UsageError(f"--pattern {pattern}: this is no regular expression: {error}", hint=_EXAMPLE) from None
        groups = self._pattern.groupindex
        if "submitter" not in groups:
            raise UsageError(f"--pattern {pattern}: it has no group (?P<submitter>…)", hint=_EXAMPLE)
        for name in groups:
            if name not in GROUPS:
                raise UsageError(
                    f"--pattern {pattern}: there is no use for a group named {name}",
                    hint=f"groups are {', '.join(GROUPS)}",
                )

    def claims(self, tree: Tree) -> bool:
        return True

    def handins(self, tree: Tree) -> Iterator[Handin]:
        shares: dict[tuple[str, ...], list[Entry]] = {}
        others: list[Entry] = []
        for entry in tree.entries:
            found = self._pattern.match(str(entry.path))
            if found is None or not found["submitter"]:
                others.append(entry)
            else:
                key = tuple(self._group(found, name) for name in GROUPS[:-1])
                shares.setdefault(key, []).append(entry.at(self._path(found, entry)))
        if not shares and others:
            raise UsageError(
                f"{tree.place}: --pattern {self._pattern.pattern} matches none of {len(others)} files",
                hint=f"it must match from the start of a path such as {others[0].path}",
            )
        for key, files in sorted(shares.items(), key=lambda share: share[0]):
            yield _handin(key, files)
        yield from strays(tree, others, "matched by --pattern")

    def _group(self, found: re.Match[str], name: str) -> str:
        return (found[name] or "").strip() if name in self._pattern.groupindex else ""

    def _path(self, found: re.Match[str], entry: Entry) -> PurePosixPath:
        """The group `file`, else what lies below the folder that names the submitter, else the file's name."""
        if own := self._group(found, "file"):
            return own_name(own, entry)
        text = str(entry.path)
        slash = text.find("/", found.end("submitter"))
        return PurePosixPath(text[slash + 1 :]) if slash >= 0 else PurePosixPath(entry.path.name)


def _handin(key: tuple[str, ...], files: list[Entry]) -> Handin:
    submitter, account, number, submitted, late = key
    return Handin(
        submitter=printable(submitter),
        account=account,
        place=files[0].place,
        files=tuple(files),
        number=int(number) if number.isdecimal() and number.isascii() and len(number) < 10 else 0,
        submitted=told(submitted, otherwise=None),
        late=late.casefold() not in _NOT_LATE,
    )
