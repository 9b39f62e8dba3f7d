"""From an assignment and a student's history to a row of the gradebook: exact and pure.

Only the first submissions count, as many as the policy says; of those the last, or the best as a whole (of equal ones
the last). Late work keeps its share of every exercise. What a teacher decided stands beside what was earned, and
nothing is taken off it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction

from torchgrade.grading.score import exact
from torchgrade.model.assignment import Assignment, Keep
from torchgrade.model.history import HandedIn, Override, Result, Student
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict

NOTHING = Fraction(0)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How late a submission is, in days, and what share it keeps; `note` says what could not be known."""

    days: Fraction = NOTHING
    keeps: Fraction = Fraction(1)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A student's exercise: `raw` points before lateness, what was `earned`, and what counts."""

    exercise: str
    most: Fraction
    bonus: bool = False
    raw: Fraction = NOTHING
    earned: Fraction = NOTHING
    result: Result | None = None
    override: Override | None = None

    @property
    def points(self) -> Fraction:
        """What counts: a teacher's word, else what was earned."""
        decided = self.override.points if self.override else None
        return self.earned if decided is None else decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A student in the gradebook; `counted` is the submission that counts, if there is one."""

    submitter: str
    account: str = ""
    submissions: int = 0
    counted: HandedIn | None = None
    lateness: Lateness = field(default_factory=Lateness)
    cells: tuple[Cell, ...] = ()
    override: Override | None = None

    @property
    def earned(self) -> Fraction:
        """The sum of what was earned, without any decision of a teacher's."""
        return sum((cell.earned for cell in self.cells), NOTHING)

    @property
    def total(self) -> Fraction:
        """What counts in all."""
        decided = self.override.points if self.override else None
        return sum((cell.points for cell in self.cells), NOTHING) if decided is None else decided

    @property
    def most(self) -> Fraction:
        """What is possible without bonuses."""
        return sum((cell.most for cell in self.cells if not cell.bonus), NOTHING)

    @property
    def overrides(self) -> tuple[Override, ...]:
        """Every decision that is in force."""
        found = (*(cell.override for cell in self.cells), self.override)
        return tuple(override for override in found if override is not None)

    @property
    def status(self) -> str:
        """`nothing handed in`, `not graded yet`, `failed by the grader`, `late` or `on time`."""
        verdicts = [cell.result.verdict if cell.result else None for cell in self.cells]
        if self.counted is None:
            return "nothing handed in"
        if None in verdicts:
            return "not graded yet"
        if Verdict.JUDGE_ERROR in verdicts:
            return "failed by the grader"
        return "late" if self.lateness.days or self.lateness.note else "on time"


def row(assignment: Assignment, worths: Mapping[str, Fraction], student: Student) -> Row:
    """A student's row; `worths` is what each exercise is worth (`weights.worths`)."""
    blank = Row(
        submitter=student.submitter,
        account=student.account,
        submissions=len(student.handed_in),
        cells=tuple(
            Cell(exercise=item.exercise, most=worths[item.exercise], bonus=item.bonus) for item in assignment.exercises
        ),
    )
    rows = [_graded(blank, assignment, each) for each in eligible(assignment, student)]
    chosen = blank
    if rows:
        is_best = assignment.policy.keep is Keep.BEST
        chosen = max(reversed(rows), key=lambda each: each.earned) if is_best else rows[-1]
    return _overridden(chosen, student.overrides)


def in_order(handed_in: Iterable[HandedIn]) -> tuple[HandedIn, ...]:
    """Submissions as they were handed in: by the platform's number, else by its time, else as they were graded."""

    def key(each: HandedIn) -> tuple[int, float, str, int]:
        moment = moment_of(each.submitted)
        return each.number, moment.timestamp() if moment else 0.0, each.since, each.row

    return tuple(replace(each, place=place) for place, each in enumerate(sorted(handed_in, key=key), 1))


def eligible(assignment: Assignment, student: Student) -> tuple[HandedIn, ...]:
    """The submissions that may count: the first ones."""
    return student.handed_in[: assignment.policy.attempts]


def needed(assignment: Assignment, student: Student) -> tuple[HandedIn, ...]:
    """The submissions whose results decide: all that may be the best, or the last."""
    found = eligible(assignment, student)
    return found if assignment.policy.keep is Keep.BEST else found[-1:]


def is_settled(assignment: Assignment, student: Student, found: Row) -> bool:
    """Whether a student's total is final: everything that decides is graded, and not failed by us, or decided about.

    What is not is no zero: whoever writes totals elsewhere leaves such a student out.
    """
    if found.override is not None:
        return True
    open_ones = [cell.exercise for cell in found.cells if cell.override is None]
    return all(_is_graded(each, exercise) for each in needed(assignment, student) for exercise in open_ones)


def lateness(assignment: Assignment, handed_in: HandedIn | Submission) -> Lateness:
    """How late a submission is. Without a time nothing is taken off, even if the platform marked it late."""
    moment, due = moment_of(handed_in.submitted), moment_of(assignment.due)
    if due is None:
        return Lateness(note="marked late by the platform; the assignment has no due date" if handed_in.late else "")
    if moment is None and handed_in.submitted:
        return Lateness(note="its time cannot be read: nothing is taken off")
    if moment is None:
        return Lateness(
            note="marked late by the platform, without a time: nothing is taken off" if handed_in.late else ""
        )
    days = max(Fraction((moment - due) // timedelta(microseconds=1), DAY // timedelta(microseconds=1)), NOTHING)
    if not days or not assignment.late:
        return Lateness(days=days)
    keeps = next((exact(step.keeps) for step in assignment.late if days <= exact(step.days)), NOTHING)
    return Lateness(days=days, keeps=keeps)


def _is_graded(handed_in: HandedIn, exercise: str) -> bool:
    result = handed_in.result(exercise)
    return result is not None and result.verdict is not Verdict.JUDGE_ERROR


def _graded(blank: Row, assignment: Assignment, handed_in: HandedIn) -> Row:
    late = lateness(assignment, handed_in)
    cells = tuple(_cell(cell, handed_in.result(cell.exercise), late.keeps) for cell in blank.cells)
    return replace(blank, counted=handed_in, lateness=late, cells=cells)


def _cell(cell: Cell, result: Result | None, keeps: Fraction) -> Cell:
    """The share of what is possible is what counts: an exercise may have had other points of its own then."""
    if result is None:
        return cell
    raw = cell.most * result.points / result.max_points if result.max_points else NOTHING
    return replace(cell, result=result, raw=raw, earned=raw * keeps)


def _overridden(row: Row, overrides: tuple[Override, ...]) -> Row:
    """The row with the newest decision on each exercise, and on all of it."""
    newest = {override.exercise: override for override in overrides}
    force = {exercise: override for exercise, override in newest.items() if override.points is not None}
    cells = tuple(replace(cell, override=force.get(cell.exercise)) for cell in row.cells)
    return replace(row, cells=cells, override=force.get(""))


def moment_of(text: str) -> datetime | None:
    """A time with an offset; None if there is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
