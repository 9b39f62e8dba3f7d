"""What an assignment makes of attempts: the hints that are due."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.store.pieces import EXERCISES, HEADER, added, grade, submission

from torchgrade.cli.course import Course
from torchgrade.model.assignment import Assignment, Item, Policy
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict
from torchgrade.session.batch import Attempts
from torchgrade.store.database import Store

HINTING = replace(EXERCISES[0], hints=(Text((("en", "Look twice."),)),))
WEEK = Assignment(id="w", title=Text(), exercises=(Item(exercise=HINTING.id),), policy=Policy(hints_after=1))


@pytest.mark.parametrize(("name", "now"), [("wei", "wei (13)"), ("wei (13)", "wei")])
def test_hints_are_given_whether_or_not_a_namesake_is_there(tmp_path: Path, name: str, now: str) -> None:
    """Of two of one name each is called by the account as well, and alone by the name."""
    with Store(tmp_path / "s") as store:
        store.book.record("w", [submission(name, "text", account="13")])
        run = added(store.run([HINTING], HEADER), [submission(now, "text", account="13")])
        grade(run, Verdict.WRONG_ANSWER)
        attempts = Attempts(run, Course(exercises=(HINTING,), assignment=WEEK).change(store.book))
        told = [each.rationale for (one,) in [tuple(attempts)] for each in one.checks[0].findings[-1].feedback]
    assert told == ["Hint: Look twice."]
