"""Who hands in: names as they are, on every platform's terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from random import Random
from unicodedata import normalize

FIRST = (
    *("Ada", "Alan", "Grace", "Edsger", "Barbara", "Donald", "Katherine", "Srinivasa", "Emmy", "Sofja", "Maryam"),
    *(
        "José",
        "Zoë",
        "Renée",
        "Łukasz",
        "Björn",
        "Ngọc Anh",
        "Xiǎomíng",
        "伟",
        "芳",
        "秀英",
        "さくら",
        "Олена",
        "Дмитро",
    ),
    *("Fatima", "Omar", "Siobhán", "Jean-Luc", "Anna Maria", "Wei", "Min-jun", "İpek", "Þórdís", "D'Andre", "Mary Ann"),
)
LAST = (
    *("Lovelace", "Turing", "Hopper", "Dijkstra", "Liskov", "Knuth", "Johnson", "Ramanujan", "Noether", "Kovalevskaya"),
    *(
        "García Márquez",
        "O'Connor",
        "van der Berg",
        "de la Cruz",
        "Nguyễn",
        "Müller",
        "Åström",
        "Wang",
        "Kim",
        "王",
        "李",
    ),
    *("Смирнова", "佐藤", "Al-Khwarizmi", "St. John", "Smith-Jones", "Øst", "Şahin", "Null", "True", "Bobby Tables"),
)
HOSTILE = ("=1+1", "@SUM(1)", "Robert'); DROP TABLE Students;--", "<b>bold", "$(reboot)", "::error::failed", "-rf")
"""Last names of those who mean harm. All of them can be a file's name."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """`number` is the platform's own id, unlike everybody else's; two may share a name."""

    first: str
    last: str
    number: int

    @property
    def name(self) -> str:
        """First name first."""
        return f"{self.first} {self.last}"

    @cached_property
    def login(self) -> str:
        """Small ASCII letters and a number, unlike everybody else's."""
        letters = normalize("NFKD", f"{self.first[:1]}{self.last}").encode("ascii", "ignore").decode().lower()
        return f"{re.sub(r'[^a-z]', '', letters) or 'student'}{self.number % 100_000}"

    @property
    def sortable(self) -> str:
        """What Canvas makes of `Last, First`: small letters and digits."""
        return re.sub(r"\W", "", f"{self.last}{self.first}").lower()

    @property
    def label(self) -> str:
        """What a folder or file is called after them: the login, but what they call themselves if they mean harm."""
        return self.login if self.last not in HOSTILE else f"{self.last} {self.first} {self.number}"

    @property
    def email(self) -> str:
        """Made of the login."""
        return f"{self.login}@university.example"


def person(position: int, random: Random, *, is_hostile: bool = False) -> Person:
    """Somebody by chance, at that place of the roster."""
    last = random.choice(HOSTILE if is_hostile else LAST)
    return Person(first=random.choice(FIRST), last=last, number=10_000 + 7 * position)
