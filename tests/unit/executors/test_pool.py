"""The pool: several at a time, in order, not far ahead; what goes wrong comes out, and who stops waits for nothing."""

from __future__ import annotations

import threading
from itertools import count, islice

import pytest

from torchgrade.executors.pool import PoolExecutor


class Held:
    """A sandbox that remembers which works it began, and finishes each when its gate is opened."""

    level = "none"

    def __init__(self, is_open: bool = True):
        self.begun = []
        self.gates = {}
        self.is_open = is_open
        self.busy = threading.Semaphore(0)

    def gate(self, work) -> threading.Event:
        return self.gates.setdefault(work, threading.Event())

    def measure(self, work):
        self.begun.append(work)
        self.busy.release()
        if not self.is_open:
            assert self.gate(work).wait(60)
        if work == "bad":
            raise ZeroDivisionError("bad")
        return (work,)


def is_idle() -> bool:
    return not any(each.name.startswith("measuring") for each in threading.enumerate())


@pytest.fixture(autouse=True)
def no_thread_stays():
    yield
    for each in threading.enumerate():
        if each.name.startswith("measuring"):
            each.join(60)
    assert is_idle()


def test_results_come_in_the_order_of_the_work_whoever_is_done_first():
    sandbox = Held(is_open=False)
    results = PoolExecutor(sandbox, 2).map(iter("abc"))
    found = []
    reader = threading.Thread(target=lambda: found.extend(results))
    reader.start()
    for _ in range(2):
        assert sandbox.busy.acquire(timeout=60)
    assert sorted(sandbox.begun) == ["a", "b"]
    sandbox.gate("b").set()
    assert sandbox.busy.acquire(timeout=60)
    assert sandbox.begun[2:] == ["c"]
    for work in "ca":
        sandbox.gate(work).set()
    reader.join()
    assert found == [("a",), ("b",), ("c",)]


def test_nothing_is_done_before_it_is_asked_for():
    sandbox = Held()
    PoolExecutor(sandbox, 2).map(iter("abc"))
    assert sandbox.begun == []


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_an_endless_class_is_read_as_far_as_it_is_needed(jobs):
    read = []

    def works():
        for number in count():
            read.append(number)
            yield number

    results = PoolExecutor(Held(), jobs).map(works())
    assert list(islice(results, 10)) == [(number,) for number in range(10)]
    assert len(read) <= 10 + 2 * jobs
    results.close()


def test_what_goes_wrong_comes_out_in_its_place():
    results = PoolExecutor(Held(), 2).map(["a", "bad", "c"])
    assert next(results) == ("a",)
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert list(results) == []


def test_whoever_stops_asking_waits_for_nothing():
    sandbox = Held(is_open=False)
    results = PoolExecutor(sandbox, 2).map(count())
    sandbox.gate(0).set()
    assert next(results) == (0,)
    results.close()
    begun = len(sandbox.begun)
    for gate in range(10):
        sandbox.gate(gate).set()
    for each in threading.enumerate():
        if each.name.startswith("measuring"):
            each.join(60)
    assert len(sandbox.begun) == begun <= 3


def test_no_work_is_no_trouble():
    assert list(PoolExecutor(Held(), 2).map([])) == []
