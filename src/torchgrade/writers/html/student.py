"""What a student's page shows, made ready for its template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback
from torchgrade.model.report import ClosedForm, Header, Statement, Total
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.words import tells
from torchgrade.writers.html.charts import Panel, panel
from torchgrade.writers.totals import shown, totals
from torchgrade.writers.words import Loss, losses, unearned

ROOM = 285_000
"""Bytes of a page."""
ROW = 1_000
"""Bytes of an exercise's row in the table of all of them, which is always there."""
FULL = 0.85
"""The part of what is left for sections with all details; the rest is for brief ones, and then for none."""
MOST_PRINTED, PRINTED_LINES = 2_000, 24
AS_ABOVE = "The same as said above."
_DERIVATIVE = re.compile(r"(gradient|Jacobian) of (.+) in (\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason of a lost check; `place` is what is wrong in a Jacobian (element, parameter's index), if that is."""

    loss: Loss
    panel: Panel | None = None
    derivative: ClosedForm | None = None
    is_weighted: bool = False
    place: tuple[int, str] | None = None
    of: str = ""

    @property
    def feedback(self) -> tuple[Feedback, ...]:
        """What is said, but for the numbers that the panel shows."""
        beside = self.loss.finding.comparison
        if self.panel is None or beside is None:
            return self.loss.feedback
        return tuple(each for each in self.loss.feedback if not tells(each.rationale, beside))

    @property
    def code(self) -> str:
        """What shows it; of a hidden case there is none to tell."""
        return self.loss.code if self.loss.finding.visible else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A check that lost points or failed, and why; `why` says it where nothing went wrong in the check itself."""

    check: CheckResult
    points: str
    causes: tuple[Cause, ...] = ()
    why: str = ""

    @property
    def reason(self) -> str:
        """The first thing said of it."""
        return self.why or next((said.rationale for cause in self.causes for said in cause.feedback), AS_ABOVE)

    @property
    def is_ours(self) -> bool:
        """Whether the reason is a phrase of the page's."""
        return self.reason in (self.why, AS_ABOVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the student's code."""

    number: int
    text: str
    has_failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """An attempt with all that is shown of it; `number` counts from 1 and names its anchor."""

    number: int
    attempt: Attempt
    statement: Statement | None
    lost: tuple[Lost, ...]
    right: tuple[CheckResult, ...]
    lines: tuple[Line, ...]
    formulas: tuple[ClosedForm, ...]

    @property
    def is_accepted(self) -> bool:
        """Whether everything is right."""
        return self.attempt.verdict is Verdict.ACCEPTED

    @property
    def printed(self) -> str:
        """The beginning of what the code printed."""
        return "\n".join(self.attempt.printed[:MOST_PRINTED].splitlines()[:PRINTED_LINES])

    @property
    def is_cut(self) -> bool:
        """Whether it printed more."""
        return len(self.attempt.printed) > len(self.printed) + 1

    @property
    def share(self) -> float:
        """The part of the points that was earned."""
        most = self.attempt.max_points
        return float(min(self.attempt.points / most, Fraction(1))) if most else 0.0


def sections(header: Header, attempts: Iterable[Attempt], audience: Audience) -> tuple[Section, ...]:
    """A section for each attempt, with what this audience may read."""
    statements = {each.exercise: each for each in header.exercises}
    return tuple(
        _section(number, each, statements.get(each.exercise), audience) for number, each in enumerate(attempts, 1)
    )


def total(attempts: Sequence[Attempt]) -> Total:
    """The sum of one submitter's points."""
    (one,) = totals(attempts)
    return one


def _section(number: int, attempt: Attempt, statement: Statement | None, audience: Audience) -> Section:
    is_found = audience is Audience.STAFF or _has_right_values(attempt)
    formulas = statement.formulas if statement is not None and is_found else ()
    return Section(
        number=number,
        attempt=attempt,
        statement=statement,
        lost=tuple(_lost(attempt, formulas, audience)),
        right=tuple(each for each in attempt.checks if each.verdict is Verdict.ACCEPTED),
        lines=tuple(_lines(attempt)),
        formulas=formulas,
    )


def _has_right_values(attempt: Attempt) -> bool:
    """Whether the student has found the answer, so that a formula gives nothing away."""
    values = [check for check in attempt.checks if check.kind == "value"]
    return bool(values) and all(check.verdict is Verdict.ACCEPTED for check in values)


def _lost(attempt: Attempt, formulas: Sequence[ClosedForm], audience: Audience) -> Iterator[Lost]:
    found = {check.name: causes for check, causes in losses(attempt, audience)}
    for check in attempt.checks:
        missing = Fraction(shown(check.max_points)) - Fraction(shown(check.points))
        if check.verdict is not Verdict.ACCEPTED:
            causes = tuple(_cause(each, formulas) for each in found.get(check.name, ()))
            why = "" if causes else "Nothing more is told of it."
            yield Lost(check=check, points=shown(missing), causes=causes, why=why)
        elif missing > 0:
            yield Lost(check=check, points=shown(missing), why=unearned(check))


def _cause(loss: Loss, formulas: Sequence[ClosedForm]) -> Cause:
    finding = loss.finding
    shows = panel(finding.grid) if finding.grid is not None and finding.visible and loss.feedback else None
    found = _DERIVATIVE.fullmatch(finding.comparison.outcome) if finding.comparison else None
    if found is None:
        return Cause(loss=loss, panel=shows)
    kind, of, wrt = found.groups()
    place = None
    if kind == "Jacobian" and shows is not None and shows.grid.index:
        row, *inner = shows.grid.index
        place = (row, f"{wrt}[{', '.join(map(str, inner))}]" if inner else wrt)
    return Cause(
        loss=loss,
        panel=shows,
        derivative=next((each for each in formulas if (each.of, each.wrt) == (of, wrt)), None),
        is_weighted=kind == "gradient",
        place=place,
        of=of,
    )


def _lines(attempt: Attempt) -> Iterator[Line]:
    if attempt.code is None:
        return
    findings = (finding for check in attempt.checks for finding in check.findings)
    failed = {each.line for each in findings if each.part in ("", attempt.code.file)}
    for number, text in enumerate(attempt.code.text.split("\n"), attempt.code.line):
        yield Line(number=number, text=text, has_failed=number in failed)
