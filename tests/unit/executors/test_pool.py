"""The pool: several at a time, each as it is done; a failure comes last, and who stops waits for nothing."""

from __future__ import annotations

import threading
from itertools import count

import pytest

from torchgrade.executors import pool
from torchgrade.executors.pool import PoolExecutor


class Held:
    """A grader that remembers which tasks it began, and finishes each when its gate is opened."""

    def __init__(self):
        self.begun = []
        self.gates = {}
        self.busy = threading.Semaphore(0)

    def gate(self, task) -> threading.Event:
        return self.gates.setdefault(task, threading.Event())

    def __call__(self, task):
        self.begun.append(task)
        self.busy.release()
        assert self.gate(task).wait(60)
        if task == "bad":
            raise ZeroDivisionError("bad")
        return task


def join() -> None:
    for each in threading.enumerate():
        if each.name.startswith("grading"):
            each.join(60)
            assert not each.is_alive()


@pytest.fixture(autouse=True)
def no_thread_stays():
    yield
    join()


def test_whatever_is_done_first_comes_first():
    grader = Held()
    results = PoolExecutor(grader, 2).map(iter("abc"))
    grader.gate("b").set()
    assert next(results) == "b"
    assert grader.busy.acquire(timeout=60)
    grader.gate("c").set()
    assert next(results) == "c"
    grader.gate("a").set()
    assert list(results) == ["a"]
    assert sorted(grader.begun[:2]) == ["a", "b"]


def test_what_is_done_well_is_handed_over_before_a_failure_ends_the_run(monkeypatch):
    monkeypatch.setattr(pool, "_AHEAD", 4)
    grader = Held()

    def tasks():
        """The one thread begins the last task when both others are done, and nobody has asked for them."""
        for task in ("bad", "a", "last"):
            grader.gate(task).set()
            yield task
        for _ in range(3):
            assert grader.busy.acquire(timeout=60)

    results = PoolExecutor(grader, 1).map(tasks())
    assert next(results) in ("a", "last")
    with pytest.raises(ZeroDivisionError):
        list(results)
    assert list(results) == []


def test_whoever_stops_asking_waits_for_nothing():
    grader = Held()
    results = PoolExecutor(grader, 2).map(count())
    grader.gate(0).set()
    assert next(results) == 0
    results.close()
    begun = len(grader.begun)
    for task in range(10):
        grader.gate(task).set()
    join()
    assert len(grader.begun) == begun <= 3
