"""A class through the store: what is known is not graded again, and what is graded is kept at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from torchgrade.grading.gradebook import lateness
from torchgrade.grading.weights import weighed
from torchgrade.model.assignment import Assignment, Keep
from torchgrade.model.finding import Attempt
from torchgrade.model.kinds import Executor
from torchgrade.model.submission import Submission
from torchgrade.model.task import Done
from torchgrade.store.book import Book
from torchgrade.store.run import Run


def graded(run: Run, executor: Executor) -> Iterator[Done]:
    """Every task that is pending, as soon as it is done; by then it is kept."""
    for done in executor.map(run.pending()):
        run.keep(done)
        yield done


def enter(book: Book, run: Run, assignment: Assignment) -> None:
    """Enter what was graded into the gradebook, and let of each submitter count what the policy says."""
    book.keep(assignment.id, run.entries())
    if assignment.policy.keep is Keep.BEST:
        run.settle(partial(earned, assignment))


def earned(assignment: Assignment, submission: Submission, attempts: Iterable[Attempt]) -> Fraction:
    """What a submission earns in an assignment: its weighted points, as far as they are kept if it is late."""
    items = {item.exercise: item for item in assignment.exercises}
    points = sum((weighed(attempt, items[attempt.exercise]).points for attempt in attempts), Fraction(0))
    return points * lateness(assignment, submission).keeps


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts of a run as its report has them, as often as they are asked for."""

    run: Run
    change: Callable[[str, Attempt], Attempt]

    def __iter__(self) -> Iterator[Attempt]:
        return (self.change(who, attempt) for who, attempt, _ in self.run.entries())
