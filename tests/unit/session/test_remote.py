"""Benches of a worker: made once for each recipe, kept while they are in use, and only the last ones after that."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from torchgrade.errors import IsolationError
from torchgrade.model.probe import Source
from torchgrade.model.recipe import Recipe
from torchgrade.model.submission import Submission
from torchgrade.model.task import Done, Task
from torchgrade.session import remote
from torchgrade.wire import chunks, recipes

TASK = Task(submission=Submission(submitter="a", path="", source=Source(text="", filename=""), digest=""), exercises=())


class Workshop:
    """Makes graders that do nothing, and remembers which seeds it made and which it closed."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.closed: list[str] = []
        self.fails = False

    def __call__(self, recipe: Recipe, stack: ExitStack):
        stack.callback(self.closed.append, recipe.seed)
        self.made.append(recipe.seed)
        if self.fails:
            raise IsolationError("no sandbox here", hint="another machine")
        return lambda task: Done(task=task, attempts=(), measurements=())


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> Workshop:
    made = Workshop()
    monkeypatch.setattr(remote, "_grader", made)
    monkeypatch.setattr(remote, "_BENCHES", remote._Benches())
    return made


def encoded(seed: str) -> bytes:
    return recipes.encode(Recipe(exercises=(), seed=seed, language="", isolation="sandbox", versions={}))


def grade(seed: str) -> list[Done]:
    return list(chunks.decode_done(remote.grade_chunk(encoded(seed), chunks.encode([TASK])), [TASK]))


def test_a_bench_is_made_once_and_the_last_two_are_kept(workshop):
    for seed in "abacab":
        assert [each.task for each in grade(seed)] == [TASK]
    assert workshop.made == ["a", "b", "c", "b"]
    assert workshop.closed == ["b", "c"]


def test_threads_that_come_together_share_one(workshop):
    together = threading.Barrier(4)

    def come(_: int) -> int:
        together.wait(60)
        return len(grade("a"))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(come, range(4))) == [1] * 4
    assert workshop.made == ["a"]


def test_what_is_in_use_is_not_closed(workshop):
    with remote._BENCHES.lent(encoded("a")), remote._BENCHES.lent(encoded("b")), remote._BENCHES.lent(encoded("c")):
        assert workshop.closed == []
    assert workshop.closed == ["c"]


def test_where_no_bench_can_be_made_the_answer_says_which_machine(workshop):
    workshop.fails = True
    for _ in range(2):
        with pytest.raises(IsolationError, match=r"on .+: no sandbox here") as refusal:
            grade("a")
        assert refusal.value.hint == "another machine"
    assert workshop.made == workshop.closed == ["a", "a"]
