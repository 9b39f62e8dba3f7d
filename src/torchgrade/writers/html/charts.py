"""Pictures as numbers for the templates: the heat map of an error, and the bars of a distribution.

A heat map has one unit a cell, and one path for all cells of a shade: a few bytes a cell. What colour says, a sign says
too: + too large, − too small, × no number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from torchgrade.model.finding import Grid
from torchgrade.writers.html.digits import Digits, digits

_SHADES = ((0.5, 3), (0.05, 2), (0.0, 1))
"""From what share of the greatest error on a cell has which shade."""
_SIGNS: Mapping[str, str] = {
    "more": "M{x}.28 {y}.5h.44M{x}.5 {y}.28v.44",
    "less": "M{x}.28 {y}.5h.44",
    "none": "M{x}.33 {y}.33l.34 .34M{x}.67 {y}.33l-.34 .34",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Cells by their shade, signs by their kind, and the worst cell; `rows` and `columns` are numbered from `first`.

    `block` is how many rows and columns a cell stands for.
    """

    width: int
    height: int
    cells: Mapping[str, str]
    signs: Mapping[str, str]
    worst: tuple[int, int]
    first: tuple[int, int] = (0, 0)
    block: tuple[int, int] = (1, 1)

    @property
    def is_pooled(self) -> bool:
        """Whether cells stand for blocks of elements."""
        return self.block != (1, 1)

    @property
    def wrong(self) -> int:
        """How many cells have any shade."""
        return sum(each.count("M") for each in self.cells.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An element: what was observed beside what was expected, and how far off it is."""

    observed: Digits
    expected: Digits
    difference: str
    is_wrong: bool
    is_worst: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A Grid for people: its cells, the numbers of its columns and rows, and its heat map.

    `times` is how many times what is allowed the worst error is; 0 where that says nothing.
    """

    grid: Grid
    columns: tuple[int, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    worst: Cell
    times: float
    heat: Heat

    @property
    def is_part(self) -> bool:
        """Whether there is more of the last two axes than the cells show."""
        sizes = (1, 1, *self.grid.shape)[-2:]
        return (len(self.rows), len(self.columns)) != sizes

    @property
    def place(self) -> str:
        """The part that is shown in Python's notation, `[2, 0:12, 4:16]`; empty if it is all."""
        lead = [str(place) for place in self.grid.index[:-2]]
        if not lead and not self.is_part:
            return ""
        last = [(self.rows[0][0], len(self.rows)), (self.columns[0], len(self.columns))][-len(self.grid.shape) :]
        return f"[{', '.join([*lead, *(f'{first}:{first + count}' for first, count in last)])}]"


def panel(grid: Grid) -> Panel:
    """What a template needs to show a Grid."""
    row, column = (0, 0, *grid.index)[-2:]
    top, left = grid.first
    found, right, error = ([line.split(" ") for line in each] for each in (grid.observed, grid.expected, grid.error))
    cells = [
        tuple(_cell(*both, grid.allowed) for both in zip(*line, strict=True))
        for line in zip(found, right, error, strict=True)
    ]
    worst = replace(cells[row - top][column - left], is_wrong=True, is_worst=True)
    times = abs(float(error[row - top][column - left])) if grid.allowed > 0 else 0.0
    cells[row - top] = (*cells[row - top][: column - left], worst, *cells[row - top][column - left + 1 :])
    rows = tuple((number, line) for number, line in enumerate(cells, top))
    columns = tuple(range(left, left + len(cells[0])))
    return Panel(grid=grid, columns=columns, rows=rows, worst=worst, times=times, heat=heat(grid))


def heat(grid: Grid) -> Heat:
    """The heat map of a Grid's window, or of all of it in blocks."""
    row, column = (0, 0, *grid.index)[-2:]
    if grid.blocks:
        block = (grid.block[0], grid.block[1])
        return _heat(_numbers(grid.blocks), grid.allowed, (row // block[0], column // block[1]), (0, 0), block)
    first = (grid.first[0], grid.first[1])
    return _heat(_numbers(grid.error), grid.allowed, (row - first[0], column - first[1]), first, (1, 1))


def _heat(
    error: Sequence[Sequence[float]],
    allowed: float,
    worst: tuple[int, int],
    first: tuple[int, int],
    block: tuple[int, int],
) -> Heat:
    limit = 1.0 if allowed > 0 else 0.0
    greatest = max((abs(each) for row in error for each in row if math.isfinite(each)), default=0.0)
    cells: dict[str, str] = {}
    signs: dict[str, str] = {}
    for y, row in enumerate(error):
        for x, each in enumerate(row):
            if not abs(each) <= limit or (y, x) == worst:
                kind = "none" if math.isnan(each) else "more" if each > 0 else "less"
                shade = f"{kind}{_shade(each, greatest)}"
                cells[shade] = cells.get(shade, "") + f"M{x} {y}h1v1h-1z"
                signs[kind] = signs.get(kind, "") + _SIGNS[kind].format(x=x, y=y)
    return Heat(width=len(error[0]), height=len(error), cells=cells, signs=signs, worst=worst, first=first, block=block)


def _shade(error: float, greatest: float) -> int:
    if not math.isfinite(error):
        return 3
    return next(shade for share, shade in _SHADES if abs(error) >= share * greatest)


def _cell(observed: str, expected: str, error: str, allowed: float) -> Cell:
    is_wrong = observed != expected
    difference = float(error) * (allowed or 1.0)
    return Cell(
        observed=digits(observed, expected),
        expected=digits(expected, observed),
        difference=f"{difference:+.3g}".replace("+nan", "nan") if is_wrong else "",
        is_wrong=is_wrong,
        is_worst=False,
    )


def _numbers(rows: Sequence[str]) -> list[list[float]]:
    return [[float(number) for number in row.split(" ")] for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a histogram: what it counts, how many, and its height as a share of the highest."""

    label: str
    count: int
    share: float


def bars(counts: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    """A histogram's bars, from labels and counts."""
    most = max((count for _, count in counts), default=0) or 1
    return tuple(Bar(label=label, count=count, share=count / most) for label, count in counts)
