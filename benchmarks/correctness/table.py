"""The table that is printed: what the field does, what torchgrade does, and what it must do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.correctness.judging import Tally

HEAD = (
    "experiment",
    "dtype",
    "right + wrong",
    "the field",
    "its false rejects",
    "its false accepts",
    "torchgrade: false rejects",
    "false accepts",
    "undecided",
    "torchgrade must",
    "met",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What one judge made of the right answers and of the wrong ones."""

    name: str
    right: Tally
    wrong: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An experiment in one dtype; `faults` say in words where torchgrade is not what it must be."""

    experiment: str
    dtype: str
    field: Judge
    ours: Judge
    must: str
    faults: tuple[str, ...] = ()

    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        undecided = self.ours.right.undecided + self.ours.wrong.undecided
        return (
            self.experiment,
            self.dtype,
            f"{self.ours.right.total} + {self.ours.wrong.total}",
            self.field.name,
            *(str(count) for count in (self.field.right.rejected, self.field.wrong.accepted)),
            *(str(count) for count in (self.ours.right.rejected, self.ours.wrong.accepted, undecided)),
            self.must,
            "no" if self.faults else "yes",
        )


def markdown(rows: Iterable[Row]) -> str:
    """A Markdown table, and under it whatever is not met."""
    listed = list(rows)
    lines = [_line(HEAD), _line("---" for _ in HEAD), *(_line(row.cells()) for row in listed)]
    faults = [f"- {row.experiment}, {row.dtype}: {fault}" for row in listed for fault in row.faults]
    return "\n".join([*lines, *(["", "Not met:", *faults] if faults else [])])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
