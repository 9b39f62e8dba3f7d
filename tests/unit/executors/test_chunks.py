"""Chunks: how many tasks go together, and that each is graded once or given up, whatever kills whom."""

from __future__ import annotations

from collections import Counter
from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.executors.chunks import ALONE, MOST_ATTEMPTS, MOST_TASKS, TOGETHER, Chunks
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.task import Task

KILLS = 99
"""So often the cluster may lose a worker before a test calls it endless."""


def task(name: object, exercises: int = 1) -> Task:
    submission = Submission(submitter=str(name), path="", source=Source(text="", filename=""), digest=str(name))
    return Task(submission=submission, exercises=("e",) * exercises)


def names(tasks) -> list[str]:
    return [each.submission.submitter for each in tasks]


@pytest.mark.parametrize(
    ("slots", "exercises", "sizes"),
    [
        (1, 1, [1, 2, 4, 8, 16, 16]),
        (2, 1, [1, 1, 2, 2, 4, 4, 8, 8, 16, 16]),
        (0, 1, [1, 2, 4]),
        (1, 5, [1, 2, 4, 7, 7]),
        (1, MOST_ATTEMPTS, [1, 1, 1]),
        (1, 43, [1, 1, 1]),
    ],
)
def test_the_first_chunks_are_small_and_none_is_large(slots, exercises, sizes):
    chunks = Chunks(task(number, exercises) for number in count())
    assert [len(chunks.next(slots).tasks) for _ in sizes] == sizes
    assert max(sizes) <= MOST_TASKS


def test_no_more_tasks_are_read_than_go_into_the_chunk():
    read = []
    tasks = (task(read.append(number)) for number in count())
    chunks = Chunks(tasks)
    flown = sum(len(chunks.next(1).tasks) for _ in range(6))
    assert len(read) == flown


def test_a_chunk_that_is_lost_flies_again_whole_then_its_tasks_alone_one_at_a_time():
    chunks = Chunks(task(name) for name in "abc")
    chunks.landed(chunks.next(1))
    chunk = chunks.next(1)
    for _ in range(TOGETHER):
        assert names(chunk.tasks) == ["b", "c"]
        assert chunks.lost(chunk) == ()
        again, chunk = chunk, chunks.next(1)
    assert names(again.tasks) == ["b", "c"]
    assert names(chunk.tasks) == ["b"]
    assert chunks.next(1) is None
    chunks.landed(chunk)
    assert names(chunks.next(1).tasks) == ["c"]


def test_a_task_that_is_lost_alone_again_and_again_is_given_up():
    chunks = Chunks(iter([task("a")]))
    given_up, flights = (), 0
    while chunk := chunks.next(1):
        given_up, flights = chunks.lost(chunk), flights + 1
    assert names(given_up) == ["a"]
    assert flights == TOGETHER + ALONE


@given(st.sets(st.integers(0, 39), max_size=3), st.integers(1, 4), st.integers(1, 4), st.randoms())
def test_every_task_is_graded_once_but_those_that_kill_whoever_grades_them(poison, workers, slots, chance):
    """Whoever flies beside a chunk that kills is lost with it, or not: no worker, no neighbour and no order matters."""
    chunks = Chunks(task(number) for number in range(40))
    flying, graded, given_up, kills = [], Counter(), [], 0
    while True:
        while len(flying) < workers and (chunk := chunks.next(slots)):
            flying.append(chunk)
        if not flying:
            break
        chunk = flying.pop(chance.randrange(len(flying)))
        if poison & set(map(int, names(chunk.tasks))):
            kills += 1
            given_up += names(chunks.lost(chunk))
        else:
            graded.update(names(chunk.tasks))
            chunks.landed(chunk)
    assert kills <= KILLS
    assert set(given_up) == set(map(str, poison))
    assert graded == Counter(map(str, set(range(40)) - poison))


def test_an_endless_class_is_no_trouble():
    chunks = Chunks(task(number) for number in count())
    flown = [chunks.next(2) for _ in range(100)]
    assert names(one for chunk in flown for one in chunk.tasks) == [
        str(number) for number in islice(count(), sum(len(chunk.tasks) for chunk in flown))
    ]
