"""Moodle, "Download all submissions": a folder for each participant, or one flat folder.

    Ada Lovelace_4711_assignsubmission_file/hw1.py                  current versions
    Ada Lovelace_4711_assignsubmission_file_/hw1.py                 older ones
    Ada Lovelace_4711_assignsubmission_file_hw1.py                  "Download submissions in folders" turned off
    Ada Lovelace_4711_assignsubmission_onlinetext/onlinetext.html   typed into Moodle
    Participant_4711_assignsubmission_file/hw1.py                   anonymous submissions
    Team 7_12_assignsubmission_file/hw1.py                          a group, with the group's id

The number is the one in `Participant 4711` of the grading worksheet, but for groups. Underscores in names become
spaces, which is what Moodle itself does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from torchgrade.model.said import said
from torchgrade.readers.export import below, own_name, strays, unwrapped
from torchgrade.readers.tree import Entry, Handin, Tree

_WHO = r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>[a-z]+)"
_FOLDER = re.compile(_WHO + "_?")
_CANVAS = r"(?:LATE_)?anon_[^\W_]+_\d+_|(?:(?!_assignsubmission_).)*?_\d+_\d+_"
_FILE = re.compile(f"(?!{_CANVAS}){_WHO}_(?P<original>.+)")
"""What begins as Canvas names files is Canvas's: what follows there is a student's, and may look like Moodle."""
_BLIND = ("Participant", "Teilnehmer/in", "Teilnehmerin", "Participante", "Partecipante", "Deelnemer", "参与者")
_TYPED = said("Text was typed into Moodle, and no file handed in: hand in a .py file or a notebook.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owned:
    """One file of the export."""

    name: str
    number: str
    plugin: str
    entry: Entry


class Moodle:
    """The submissions of a Moodle assignment: the archive, or the folder it was unpacked to."""

    kind: ClassVar[str] = "moodle"

    def claims(self, tree: Tree) -> bool:
        return not tree.is_one and any(map(_owned, unwrapped(tree, _is_share)))

    def handins(self, tree: Tree) -> Iterator[Handin]:
        shares: dict[tuple[str, str], list[_Owned]] = {}
        others: list[Entry] = []
        for entry in unwrapped(tree, _is_share):
            found = _owned(entry)
            if found is None:
                others.append(entry)
            else:
                shares.setdefault((found.name, found.number), []).append(found)
        is_blind = len(shares) > 1 and len({name for name, _ in shares}) == 1
        for share in shares.values():
            yield _handin(share, is_blind=is_blind)
        yield from strays(tree, others, "named as Moodle names what was handed in")


def _is_share(name: str) -> bool:
    return bool(_FOLDER.fullmatch(name))


def _owned(entry: Entry) -> _Owned | None:
    """Whose the file is: its first folder says it, or its own name where there are no folders."""
    first = entry.path.parts[0]
    is_file = len(entry.path.parts) == 1 and not entry.is_folder
    found = (_FILE if is_file else _FOLDER).fullmatch(first)
    if found is None:
        return None
    path = own_name(found["original"], entry) if is_file else below(entry, 1)
    name = found["name"].replace("_", " ")
    return _Owned(name=name, number=found["number"] or "", plugin=found["plugin"], entry=entry.at(path))


def _handin(share: list[_Owned], *, is_blind: bool) -> Handin:
    """Text typed beside a file is left out; alone it is no work that can be graded."""
    first = share[0]
    files = tuple(each.entry for each in share if each.plugin != "onlinetext")
    is_nameless = first.number and (is_blind or first.name in _BLIND)
    return Handin(
        submitter=f"{first.name} {first.number}" if is_nameless else first.name,
        account=first.number,
        place=(files[0] if files else first.entry).place,
        files=files,
        problem="" if files else _TYPED,
    )
