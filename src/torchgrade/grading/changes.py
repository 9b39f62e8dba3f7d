"""What a regrade changes: a student before and after it, by how much, and because of which check. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from torchgrade.grading.gradebook import Cell, Row, row
from torchgrade.model.assignment import Assignment
from torchgrade.model.history import CheckScore, HandedIn, Result, Student
from torchgrade.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A check that came out differently; `before` or `after` is absent where the exercise has no such check."""

    exercise: str
    check: str
    before: CheckScore | None
    after: CheckScore | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A student whose results change. A teacher's decision can hold the total where it is."""

    before: Row
    after: Row
    causes: tuple[Cause, ...]

    @property
    def effect(self) -> Fraction:
        """By how much the total changes."""
        return self.after.total - self.before.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A regrade as a whole: of so many students how many change, and because of which checks, the usual one first."""

    students: int
    changed: int
    up: int
    down: int
    causes: tuple[tuple[str, str], ...]


def regraded(student: Student, results: Mapping[int, Iterable[Result]]) -> Student:
    """The student with new results, by row of the submission. What we failed to grade leaves the old one in force."""
    handed_in = tuple(replace(each, results=_added(each, results.get(each.row, ()))) for each in student.handed_in)
    return replace(student, handed_in=handed_in)


def change(assignment: Assignment, worths: Mapping[str, Fraction], before: Student, after: Student) -> Change | None:
    """How a student changes; None if nothing does."""
    old, new = row(assignment, worths, before), row(assignment, worths, after)
    cells = [pair for pair in zip(old.cells, new.cells, strict=True) if _differs(*pair)]
    if not cells and old.total == new.total:
        return None
    return Change(before=old, after=new, causes=tuple(cause for pair in cells for cause in _causes(*pair)))


def by_effect(changes: Iterable[Change]) -> list[Change]:
    """The greatest change first; of equal ones, those who lose, then by name."""
    return sorted(changes, key=lambda each: (-abs(each.effect), each.effect, each.before.submitter))


def summary(changes: Iterable[Change], students: int) -> Summary:
    """The changes counted."""
    found = tuple(changes)
    causes = Counter((cause.exercise, cause.check) for each in found for cause in each.causes)
    return Summary(
        students=students,
        changed=len(found),
        up=sum(each.effect > 0 for each in found),
        down=sum(each.effect < 0 for each in found),
        causes=tuple(cause for cause, _ in causes.most_common()),
    )


def _added(handed_in: HandedIn, new: Iterable[Result]) -> tuple[Result, ...]:
    return (*handed_in.results, *(result for result in new if result.verdict is not Verdict.JUDGE_ERROR))


def _differs(before: Cell, after: Cell) -> bool:
    """Whether an exercise came out differently, lateness and decisions aside."""
    old, new = before.result, after.result
    return (before.raw, old and old.verdict) != (after.raw, new and new.verdict)


def _causes(before: Cell, after: Cell) -> Iterator[Cause]:
    """The checks that came out differently, in the order of the exercise as it is now."""
    old, new = _scores(before.result), _scores(after.result)
    for name in dict.fromkeys((*new, *old)):
        if _share(old.get(name)) != _share(new.get(name)):
            yield Cause(exercise=before.exercise, check=name, before=old.get(name), after=new.get(name))


def _scores(result: Result | None) -> dict[str, CheckScore]:
    return {score.name: score for score in result.checks} if result else {}


def _share(score: CheckScore | None) -> tuple[Verdict, Fraction, Fraction] | None:
    return (score.verdict, score.points, score.max_points) if score else None
