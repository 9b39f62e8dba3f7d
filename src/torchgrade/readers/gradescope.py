"""Gradescope, "Export Submissions": folders by submission, and `submission_metadata.yml` that says whose they are.

    assignment_12_export/submission_metadata.yml
    assignment_12_export/submission_123456/hw1.py

The metadata is YAML written by Ruby, with keys such as `:submitters`. It is read as text only, so that nothing in it
makes objects and student ids keep their zeros; submission by submission, so that one that is damaged spoils no other.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import ClassVar

from torchgrade.errors import UsageError
from torchgrade.model.said import said
from torchgrade.readers.export import below, strays, unwrapped
from torchgrade.readers.moments import moment, told
from torchgrade.readers.names import printable
from torchgrade.readers.tree import Entry, Handin, Tree

METADATA = "submission_metadata.yml"
LARGEST = 256 * 2**20
_BLOCK = re.compile(r"^(?=[^\s#:-])", re.MULTILINE)
_RESULTS = re.compile(r"""^( +)["']?:results["']?:[^\n]*\n(?:\1[ -][^\n]*\n|[ ]*\n)*""", re.MULTILINE)
"""What the autograder of Gradescope said: most of the file, and of no use here."""
_SIGNS = 10_000
_DEEPEST = 100
_NOTHING = ("", "~", "null")
_NOBODY = said("{file} does not say who handed it in.", file=METADATA)
_NO_FILES = said("The export has no files of it: hand in a .py file or a notebook.")


class Gradescope:
    """The submissions of a Gradescope assignment: the archive, or the folder it was unpacked to."""

    kind: ClassVar[str] = "gradescope"

    def claims(self, tree: Tree) -> bool:
        return any(str(entry.path) == METADATA for entry in unwrapped(tree, _is_share)) and not tree.is_one

    def handins(self, tree: Tree) -> Iterator[Handin]:
        """A group's work once for each member, as `submission_metadata.yml` orders them."""
        shares: dict[str, list[Entry]] = {}
        others: list[Entry] = []
        told = ""
        for entry in unwrapped(tree, _is_share):
            if str(entry.path) == METADATA:
                told = _text(entry)
            elif _is_share(entry.path.parts[0]):
                shares.setdefault(entry.path.parts[0], []).append(entry.at(below(entry, 1)))
            else:
                others.append(entry)
        blocks = _BLOCK.split(_RESULTS.sub("", told))
        shared = _shared(person for block in blocks for _, about in _parsed(block) for person in _people(about))
        for block in blocks:
            for folder, about in _parsed(block):
                yield from _handins(tree, folder, about, tuple(shares.pop(folder, ())), shared)
        for folder, files in shares.items():
            yield _nobodys(tree, folder, tuple(files))
        yield from strays(tree, others, "in a folder of a submission")


def _is_share(name: str) -> bool:
    return name.startswith("submission_") and name != METADATA


def _text(entry: Entry) -> str:
    if entry.problem or entry.size > LARGEST:
        raise UsageError(f"{entry.place}: {entry.problem or 'it is larger than 256 MB'}")
    try:
        return entry.read().decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"{entry.place}: {error.strerror}", hint="download the export again") from None


def _parsed(block: str) -> Iterator[tuple[str, object]]:
    """Folders and what is said of them; of a block that is no YAML, its key and nothing."""
    import yaml  # Only this layout needs it.

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    nothing = {block.split(":", 1)[0]: None}
    try:
        read = nothing if _is_deep(block, loader) else yaml.load(block, loader)  # noqa: S506 - makes text only
    except (yaml.YAMLError, RecursionError):
        read = nothing
    if isinstance(read, dict):
        yield from ((str(folder), about) for folder, about in read.items())


def _is_deep(block: str, loader: type) -> bool:
    """Whether lists lie so deep in lists that libyaml, which nests its calls as deep, would take the process with it.

    Every level needs one of a few signs, so hardly any block is looked at twice.
    """
    import yaml

    if sum(map(block.count, "[{-?\n")) < _SIGNS:
        return False
    depth = 0
    for event in yaml.parse(block, loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return True
    return False


def _people(about: object) -> list[object]:
    submitters = _found(about, "submitters")
    return [each for each in submitters if _who(each)] if isinstance(submitters, list) else []


def _shared(people: Iterable[object]) -> frozenset[str]:
    """The ids that stand beside several e-mail addresses, or are another's address.

    Students may have typed their student id themselves; Gradescope has made sure of addresses only.
    """
    owners: dict[str, set[str]] = {}
    for person in people:
        sid, email = _word(person, "sid"), _word(person, "email")
        for each in filter(None, (sid, email)):
            owners.setdefault(each, set()).add(email or sid)
    return frozenset(each for each, found in owners.items() if len(found) > 1)


def _account(person: object, shared: Container[str]) -> str:
    """The student id, and the address where it does not tell one from another."""
    sid, email = _word(person, "sid"), _word(person, "email")
    return email if not sid or (email and sid in shared) else sid


def _handins(
    tree: Tree, folder: str, about: object, files: tuple[Entry, ...], shared: Container[str]
) -> Iterator[Handin]:
    people = _people(about)
    if not people:
        yield _nobodys(tree, folder, files)
    history, when = _found(about, "history"), _word(about, "created_at")
    # Versions are counted by submission, and who handed in alone may be in a group's afterwards: the time tells more.
    number = len(history) + 1 if isinstance(history, list) and not moment(when) else 0
    for person in people:
        yield Handin(
            submitter=_who(person),
            account=_account(person, shared),
            place=f"{tree.place}/{printable(folder)}",
            files=files,
            number=number,
            submitted=told(when),
            problem="" if files else _NO_FILES,
        )


def _nobodys(tree: Tree, folder: str, files: tuple[Entry, ...]) -> Handin:
    return Handin(submitter=printable(folder), place=f"{tree.place}/{printable(folder)}", files=files, problem=_NOBODY)


def _who(person: object) -> str:
    return _word(person, "name") or _word(person, "email") or _word(person, "sid")


def _found(about: object, name: str) -> object:
    """The value of a key, which Ruby writes with a colon before it."""
    return about.get(f":{name}", about.get(name)) if isinstance(about, dict) else None


def _word(about: object, name: str) -> str:
    found = _found(about, name)
    return "" if not isinstance(found, str) or found.strip() in _NOTHING else printable(found.strip())
