"""`report.csv`: a row for each submitter and exercise, for spreadsheets and data frames.

Points are rounded to six decimals, as in report.json. Texts are quoted, and none of them is a formula to a spreadsheet:
an apostrophe stands before what would be one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from torchgrade.model.finding import Attempt, Audience
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import spreadsheet
from torchgrade.writers.totals import numeric
from torchgrade.writers.words import title

COLUMNS = (
    "submitter",
    "exercise",
    "title",
    "verdict",
    "points",
    "max_points",
    "bonus",
    "mistakes",
    "lost",
    "file",
    "line",
    "submission_digest",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Csv:
    """The class as a table, for staff."""

    kind: ClassVar[str] = "csv"
    filename: ClassVar[str] = "report.csv"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STAFF,)
    audience: Audience = Audience.STAFF

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        yield _line(COLUMNS)
        for attempt in attempts:
            yield _line(_row(attempt, header.language))


def _row(attempt: Attempt, language: str) -> tuple[str | float, ...]:
    lost = (check.name for check in attempt.checks if check.verdict is not Verdict.ACCEPTED)
    return (
        spreadsheet(attempt.submitter),
        spreadsheet(attempt.exercise),
        spreadsheet(title(attempt, language)),
        attempt.verdict.value,
        numeric(attempt.points),
        numeric(attempt.max_points),
        int(attempt.bonus),
        spreadsheet("; ".join(attempt.mistakes)),
        spreadsheet("; ".join(lost)),
        spreadsheet(attempt.file),
        attempt.line or "",
        attempt.submission_digest,
    )


def _line(values: Iterable[str | float]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow(values)
    return stream.getvalue().encode("utf-8", "replace")
