"""`report.txt` and what a terminal shows: a table of all attempts, and under it what was lost.

Points are cut to two decimals.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from torchgrade.model.finding import Attempt, Audience, CheckResult
from torchgrade.model.labels import check_label
from torchgrade.model.report import Header
from torchgrade.model.said import said, translated
from torchgrade.model.text import FALLBACK
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import line, screen
from torchgrade.writers.statement import terminal_sentence
from torchgrade.writers.totals import Sums, scored, shown, totals
from torchgrade.writers.words import WORDS, Loss, elsewhere, losses, mark, observed, title, words

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

COLOURS = {Verdict.ACCEPTED: "green", Verdict.SKIPPED: "yellow", Verdict.UNDECIDED: "yellow"}
WIDTH = 100
MOST_PRINTED = 10
MOST_ROWS = 200
"""Of more attempts than a person reads one by one, only the sums are shown."""
WIDEST = 1000
"""Tables are as wide as they need: a cut id helps nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph; code is not wrapped, so that it can be copied."""

    text: str
    indent: int = 0
    style: str = ""
    wraps: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Plain text, 100 columns wide, without colours."""

    kind: ClassVar[str] = "terminal"
    filename: ClassVar[str] = "report.txt"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT, Audience.STAFF)
    audience: Audience = Audience.STUDENT

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        yield summary(attempts, colour=False, language=header.language).encode("utf-8", "replace")
        seen = observed(attempts, header.language)
        if seen:
            yield ("\n" + _printed(Line(text=line(seen)), colour=False)).encode("utf-8", "replace")
        for attempt in attempts:
            if attempt.verdict is not Verdict.ACCEPTED:
                told = details(attempt, colour=False, audience=self.audience, language=header.language)
                yield f"\n{told}".encode("utf-8", "replace")


def summary(attempts: Iterable[Attempt], *, colour: bool, language: str = FALLBACK) -> str:
    """A row for each attempt, and a total for each submitter if anyone has more than one; of many only the sums."""
    from rich.table import Table

    graded = tuple(islice(attempts, MOST_ROWS + 1))
    if len(graded) > MOST_ROWS:
        return _class(attempts, language)
    table = Table(*_heading(language), box=None, pad_edge=False, header_style="bold")
    table.columns[3].justify = "right"
    for attempt in graded:
        verdict = f"{mark(attempt.verdict)} {words(attempt.verdict, language)}"
        table.add_row(
            _cell(attempt.submitter), attempt.exercise, _text(verdict, _colour(attempt.verdict)), _points(attempt)
        )
    sums = totals(graded)
    if len(sums) < len(graded):
        table.add_row()
        for total in sums:
            table.add_row(
                _cell(total.submitter), translated(said("total"), language), "", _of(total.points, total.max_points)
            )
    return _printed(table, colour=colour)


def _heading(language: str) -> tuple[str, ...]:
    names = said("submitter"), said("exercise"), said("verdict"), said("points")
    return tuple(translated(name, language) for name in names)


class _Shares:
    """How many attempts there are of each name, and how many of them are accepted."""

    def __init__(self) -> None:
        self._accepted: Counter[str] = Counter()
        self._all: Counter[str] = Counter()

    def count(self, name: str, *, is_accepted: bool) -> None:
        self._all[name] += 1
        self._accepted[name] += is_accepted

    def of(self, name: str, language: str) -> str:
        shares = {"count": self._accepted[name], "total": self._all[name]}
        return translated(said("{count} of {total}", **shares), language)

    def names(self) -> Iterator[str]:
        return iter(self._all)


def _class(attempts: Iterable[Attempt], language: str) -> str:
    """Each submitter's points, unless they are too many to read, then how many solved each exercise."""
    people, exercises, sums = _Shares(), _Shares(), Sums()
    for attempt in sums.passing(attempts):
        is_accepted = attempt.verdict is Verdict.ACCEPTED
        if len(sums) <= MOST_ROWS:  # else nobody is named
            people.count(attempt.submitter, is_accepted=is_accepted)
        exercises.count(attempt.exercise, is_accepted=is_accepted)
    person, exercise, _, points = _heading(language)
    accepted = words(Verdict.ACCEPTED, language)
    if len(sums) > MOST_ROWS:
        named = translated(said("{count} submitters", count=len(sums)), language) + "\n"
    else:
        rows = (
            (each.submitter, people.of(each.submitter, language), _of(each.points, each.max_points))
            for each in sums.totals()
        )
        named = table((person, accepted, points), rows)
    shares = [(name, exercises.of(name, language)) for name in exercises.names()]
    return named + "\n" + table((exercise, accepted), shares)


def details(attempt: Attempt, *, colour: bool, audience: Audience = Audience.STUDENT, language: str = FALLBACK) -> str:
    """An attempt for its reader: the verdict, the points, and why each lost point was lost."""
    head = said(
        "{mark} {title} ({exercise}): {verdict}, {points} points",
        mark=mark(attempt.verdict),
        title=line(title(attempt, language)),
        exercise=attempt.exercise,
        verdict=WORDS[attempt.verdict],
        points=_points(attempt),
    )
    first = Line(text=translated(head, language), style=f"bold {_colour(attempt.verdict)}")
    return _printed(first, *_lost(attempt, audience, language), colour=colour)


def reasons(attempt: Attempt, language: str = FALLBACK) -> str:
    """What stands below the first line of an attempt's `details` for its student."""
    return _printed(*_lost(attempt, Audience.STUDENT, language), colour=False)


def check_line(check: CheckResult, language: str = FALLBACK) -> str:
    """A check's name, how it came out and what it earned."""
    line = said(
        "{mark} {name}: {verdict}, {points}",
        mark=mark(check.verdict),
        name=check_label(check.name, language),
        verdict=WORDS[check.verdict],
        points=scored(check.points, check.max_points, language),
    )
    return translated(line, language)


def table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Rows of plain text under headings, as wide as they need."""
    from rich.table import Table

    grid = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        grid.add_row(*map(_cell, row))
    return _printed(grid, colour=False)


def _lost(attempt: Attempt, audience: Audience, language: str) -> Iterator[Line]:
    """Why each lost point was lost, and what the code printed."""
    for check, lost in losses(attempt, audience):
        yield Line(text=check_line(check, language), indent=2, style=_colour(check.verdict))
        yield from (each for loss in lost for each in _lines(loss, language))
    yield from _output(attempt.printed, language)
    if attempt.verdict is not Verdict.ACCEPTED and (note := elsewhere(attempt, language)):
        yield Line(text=note, indent=2, style="dim")


def _lines(loss: Loss, language: str) -> Iterator[Line]:
    """What is wrong, what to try, where else, and code to see it with; only the first line names the case."""
    place = loss.place(language)
    for feedback in loss.feedback:
        yield Line(text=place + terminal_sentence(feedback.rationale), indent=6)
        if feedback.help:
            yield Line(text=f"→ {terminal_sentence(feedback.help)}", indent=6, style="cyan")
        place = ""
    if more := loss.more(language):
        yield Line(text=more, indent=6, style="dim")
    if loss.code:
        yield Line(text=translated(said("to see it yourself, below your code:"), language), indent=6, style="dim")
        for code in loss.code.splitlines():
            yield Line(text=code, indent=8, style="dim", wraps=False)


def _output(printed: str, language: str) -> Iterator[Line]:
    """The beginning of what the code printed in the cases that students may see."""
    rows = screen(printed).splitlines()
    if rows:
        yield Line(text=translated(said("your code printed:"), language), indent=2, style="dim")
    for row in rows[:MOST_PRINTED]:
        yield Line(text=row[:WIDTH] + ("…" if len(row) > WIDTH else ""), indent=6, style="dim", wraps=False)
    if len(rows) > MOST_PRINTED:
        more = said("… and {count} more", count=len(rows) - MOST_PRINTED)
        yield Line(text=translated(more, language), indent=6, style="dim")


def _points(attempt: Attempt) -> str:
    return _of(attempt.points, attempt.max_points)


def _of(points: Fraction, most: Fraction) -> str:
    return f"{shown(points)} / {shown(most)}"


def _colour(verdict: Verdict) -> str:
    return COLOURS.get(verdict, "red")


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(screen(text), style=style)


def _cell(text: str, style: str = "") -> Text:
    """A name in a table: a row stays a row."""
    return _text(line(text), style)


def _printed(*blocks: Line | Table, colour: bool) -> str:
    """The blocks as text; a console of our own, so that nothing depends on the terminal at hand."""
    from rich.console import Console
    from rich.padding import Padding

    stream = io.StringIO()
    console = Console(
        file=stream,
        width=WIDEST,
        force_terminal=colour,
        force_jupyter=False,
        no_color=not colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
    )
    for block in blocks:
        if not isinstance(block, Line):
            console.print(block)
        elif block.wraps:
            console.print(Padding(_text(block.text, block.style), (0, 0, 0, block.indent)), width=WIDTH)
        else:
            console.print(_text(" " * block.indent + block.text, block.style), soft_wrap=True)
    return "\n".join(row.rstrip() for row in stream.getvalue().splitlines()) + "\n"
