"""Recipes, chunks and what became of them: exact there and back, and refused if they are something else."""

from __future__ import annotations

import zlib
from fractions import Fraction

import pytest

from torchgrade.errors import IsolationError, UsageError, WireError
from torchgrade.model.finding import Attempt
from torchgrade.model.observation import Exceeded, Incident, IncidentKind
from torchgrade.model.probe import Source
from torchgrade.model.recipe import Recipe, Sheet
from torchgrade.model.submission import Submission
from torchgrade.model.task import Done, Measurement, Task
from torchgrade.model.verdict import Verdict
from torchgrade.wire import chunks, recipes

SUBMISSION = Submission(
    submitter="Zoë \udcff\x00",
    path="a b/x.py",
    source=Source(text="é = '\ud800'\r\n", filename="x.py", files=(("data/a.bin", bytes(range(256))), ("m.py", b""))),
    digest="d",
    problem=Incident(kind=IncidentKind.UNREADABLE, message="no"),
    account="7",
    number=2,
    submitted="2027-01-15T23:59:00+08:00",
    late=True,
)
BARE = Submission(submitter="", path="", source=Source(text="", filename=""), digest="")
TASKS = (Task(submission=SUBMISSION, exercises=("a/b", "c")), Task(submission=BARE, exercises=()))
RECIPE = Recipe(
    exercises=(Sheet(id="linalg/solve", text="title: 解\n\ud800", digest="0" * 64),),
    seed="s\x00",
    language="zh",
    isolation="sandbox",
    versions={"torch": "2.13.0+cpu"},
    limits={"seconds": 0.1, "cpu_seconds": 1.5},
)


def done(task: Task) -> Done:
    attempts = (
        Attempt(
            submitter=task.submission.submitter,
            exercise=name,
            title={"": "T"},
            verdict=Verdict.WRONG_ANSWER,
            points=Fraction(1, 3),
            max_points=Fraction(4),
            checks=(),
            file="",
            exercise_digest="",
            submission_digest="",
        )
        for name in task.exercises
    )
    measurement = Measurement(
        submitter="a",
        exercise="b",
        seconds={"": 0.1, "drawn 1": 1e-300},
        exceeded={"drawn 1": Exceeded(limit="seconds", allowed=2.0, used=None)},
        peak_bytes=2**40,
    )
    return Done(task=task, attempts=tuple(attempts), measurements=(measurement,) * len(task.exercises))


def test_tasks_come_through_as_they_are():
    assert chunks.decode(chunks.encode(TASKS)) == TASKS


def test_what_became_of_them_comes_back_with_the_tasks_that_were_sent():
    became = tuple(map(done, TASKS))
    assert tuple(chunks.decode_done(chunks.encode_done(became), TASKS)) == became


@pytest.mark.parametrize("kind", [UsageError, IsolationError])
def test_a_refusal_is_raised_as_what_it_was(kind):
    data = chunks.encode_refusal(kind("not here", hint="go there"))
    with pytest.raises(kind, match="not here") as raised:
        list(chunks.decode_done(data, TASKS))
    assert raised.value.hint == "go there"


@pytest.mark.parametrize("recipe", [RECIPE, Recipe(exercises=(), seed="", language="", isolation="", versions={})])
def test_a_recipe_comes_through_as_it_is_and_always_in_the_same_bytes(recipe):
    data = recipes.encode(recipe)
    assert recipes.decode(data) == recipe
    assert recipes.encode(recipes.decode(data)) == data


@pytest.mark.parametrize("data", [b"", b"{}", b"\x80\x04N.", zlib.compress(b"[1]"), zlib.compress(b'{"more": 1}')])
def test_what_is_no_recipe_is_refused(data):
    with pytest.raises(WireError):
        recipes.decode(data)


@pytest.mark.parametrize("data", [b"", b"[]", b"\x80\x04N.", b'{"more": 1}', b"\xff"])
def test_what_is_no_chunk_and_no_answer_is_refused(data):
    with pytest.raises(WireError):
        chunks.decode(data)
    with pytest.raises(WireError):
        list(chunks.decode_done(data, TASKS))


def test_an_answer_to_other_tasks_is_refused():
    with pytest.raises(WireError, match="2 tasks were sent, and 1 came back"):
        list(chunks.decode_done(chunks.encode_done([done(TASKS[0])]), TASKS))
