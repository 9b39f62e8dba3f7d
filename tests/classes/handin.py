"""What one submitter hands in, written as a script or a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from random import Random

from tests.classes.answers import Answer
from tests.classes.people import Person

from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.readers.assemble import assemble
from torchgrade.readers.tree import Allowed, Entry, Handin

DUE = datetime(2026, 10, 19, 23, 59, tzinfo=UTC)
_STEMS = ("hw1", "homework1", "solution", "assignment_1", "HW1 final", "hw1 (2)", "my solution", "作业1", "lösung")
_HELLO = (
    "# Homework 1",
    '"""Homework 1."""',
    "# Exercise sheet 1",
    "# -*- coding: utf-8 -*-",
    "#!/usr/bin/env python3",
)


class Kind(StrEnum):
    """What a submitter hands in, as a whole."""

    RIGHT = "right"
    WRONG = "wrong"
    CRASHING = "crashing"
    HANGING = "hanging"
    EMPTY = "empty"
    HOSTILE = "hostile"


@dataclass(frozen=True, kw_only=True)
class Work:
    """What stands there for one exercise, the verdicts it may get, and the declared mistake that is recognised."""

    what: str
    verdicts: tuple[Verdict, ...]
    mistake: str = ""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One submitter and their file. `friend` is the position of whom it was copied from, byte by byte, or -1.

    A group handed in together; its second member has the first as friend. `number` counts hand-ins from 1: platforms
    give the last.
    """

    position: int
    person: Person
    kind: Kind
    filename: str
    content: bytes
    works: Mapping[str, Work]
    submitted: datetime
    number: int = 1
    friend: int = -1
    is_group: bool = False

    @property
    def is_late(self) -> bool:
        """After the due date."""
        return self.submitted > DUE

    def submission(self) -> Submission:
        """The same as readers make of it, without a disk."""
        path = PurePosixPath(self.filename)
        place = f"{self.person.label}/{self.filename}"
        entry = Entry(path=path, size=len(self.content), problem="", read=lambda: self.content, place=place)
        handin = Handin(
            submitter=self.person.label,
            place=place,
            files=(entry,),
            account=str(self.person.number),
            number=self.number,
            submitted=self.submitted.isoformat(),
            late=self.is_late,
        )
        return assemble(handin, Allowed())


def filename(random: Random, *, is_notebook: bool) -> str:
    """As students call their files."""
    return random.choice(_STEMS) + (".ipynb" if is_notebook else ".py")


def moment(random: Random) -> datetime:
    """Most in the last days, and some too late."""
    return (DUE - timedelta(hours=random.expovariate(1 / 30) - 6)).replace(microsecond=0)


def script(person: Person, answers: Sequence[Answer], random: Random) -> bytes:
    """Who, imports, functions, and a try at the end; in whatever ends of lines an editor makes."""
    imports = _imports(answers)
    sections = [f"{random.choice(_HELLO)}\n# {person.name}, {person.number}", "\n".join(imports)]
    sections += ["\n\n" + each.body.rstrip() for each in answers]
    if random.random() < 0.3:
        sections.append(f'\n\nif __name__ == "__main__":\n    print({random.choice(answers).entrypoint})')
    text = "\n".join(each for each in sections if each) + "\n"
    if random.random() < 0.15:
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8-sig" if random.random() < 0.05 else "utf-8")


def _imports(answers: Sequence[Answer]) -> list[str]:
    """Each once; stars first, so that they hide nothing."""
    found = dict(pair for each in answers for pair in each.imports)
    return sorted(dict.fromkeys(found.values()), key=lambda line: (not line.endswith("*"), line))


def notebook(person: Person, answers: Sequence[Answer], random: Random) -> bytes:
    """A title, imports, a cell for each function, and cells that try, plot and install, which nobody runs."""
    cells = [_cell("markdown", f"# Homework 1\n{person.name}, {person.number}")]
    if random.random() < 0.5:
        cells.append(_cell("code", "%matplotlib inline\n!pip install torch"))
    cells.append(_cell("code", "\n".join(_imports(answers))))
    for each in answers:
        cells.append(_cell("markdown", f"## {each.entrypoint}"))
        cells.append(_cell("code", each.body.rstrip()))
        if random.random() < 0.3:
            cells.append(_cell("code", f"%%time\n{each.entrypoint}(torch.ones(2, 2), torch.ones(2))"))
    return _notebook(cells, random)


def bare(text: str, random: Random, *, is_notebook: bool) -> bytes:
    """A text as it is: of a notebook its only cell."""
    return _notebook([_cell("code", text)], random) if is_notebook and text else text.encode()


def _notebook(cells: Sequence[dict[str, object]], random: Random) -> bytes:
    for number, cell in enumerate(cells):
        cell["id"] = f"{random.getrandbits(32):08x}-{number}"
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()


def _cell(kind: str, text: str) -> dict[str, object]:
    source = text.splitlines(keepends=True)
    outputs = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **outputs}
