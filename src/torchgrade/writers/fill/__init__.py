"""Grades written into a platform's own file: each platform is a file here and a line in `PLATFORMS`.

Pure: bytes and grades in, bytes out. The roster is the platform's: nobody is added, and only the cells of one
assignment change (and of feedback, where there is a column for it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Protocol

from torchgrade.errors import UsageError
from torchgrade.writers.fill.canvas import Canvas
from torchgrade.writers.fill.grade import Filled, Grade
from torchgrade.writers.fill.moodle import Moodle
from torchgrade.writers.fill.table import Table, read

__all__ = ["PLATFORMS", "Filled", "Grade", "Platform", "fill"]


class Platform(Protocol):
    """A platform whose file can be filled."""

    kind: ClassVar[str]

    def claims(self, table: Table) -> bool:
        """True if the file is of this platform."""

    def fill(self, table: Table, grades: Sequence[Grade], column: str) -> Filled: ...


PLATFORMS: Mapping[str, Platform] = {"canvas": Canvas(), "moodle": Moodle()}


def fill(platform: str, template: bytes, grades: Iterable[Grade], *, column: str = "") -> Filled:
    """`template`, a file that the platform exported, with `grades` in it.

    `platform` is a key of PLATFORMS, or empty: then the file tells. `column` says which assignment or column is meant,
    where the file has several. Raises UsageError, with what to do, if the file cannot be filled.
    """
    table = read(template)
    named = [PLATFORMS[platform]] if platform else list(PLATFORMS.values())
    for each in named:
        if each.claims(table):
            return each.fill(table, list(grades), column)
    raise UsageError(
        f"the file to fill is none that {' or '.join(each.kind.capitalize() for each in named)} exports",
        hint="download the gradebook (Canvas) or the grading worksheet (Moodle) and give that file, unchanged",
    )
