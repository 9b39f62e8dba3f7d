"""A regrade: results find their students, whoever is added to the history meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.unit.store.pieces import attempt, submission

from torchgrade.model.assignment import Assignment, Item
from torchgrade.model.finding import Attempt
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict
from torchgrade.session.regrade import Regrade
from torchgrade.store.database import Store

WEEK = Assignment(id="w", title=Text(), exercises=(Item(exercise="t"),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "s") as store:
        store.book.record("w", [submission("ben", account="7"), submission("dan")])
        yield store


def test_another_student_may_come_while_it_goes_on(store: Store) -> None:
    again = Regrade(assignment=WEEK, worths={"t": Fraction(6)}, book=store.book)
    given = list(again.submissions())
    store.book.record("w", [submission("ada"), submission("bea", "more", account="7", number=2)])
    graded: list[tuple[Attempt, str]] = []
    for each, verdict in zip(given, (Verdict.ACCEPTED, Verdict.WRONG_ANSWER), strict=True):
        graded.append((replace(attempt(each, "t", verdict), max_points=Fraction(1)), "k"))
    assert [each.submitter for each in again.named(graded)] == ["bea", "dan"]
    again.write(graded)
    found = {
        student.submitter: [len(each.results) for each in student.handed_in] for student in store.book.students("w")
    }
    assert found == {"ada": [0], "bea": [1, 0], "dan": [1]}
