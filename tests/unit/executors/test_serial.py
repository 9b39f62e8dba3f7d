"""The serial executor: in order, and only when asked."""

from __future__ import annotations

from torchgrade.executors import EXECUTORS


class Counting:
    level = "none"

    def __init__(self):
        self.done = []

    def measure(self, work):
        self.done.append(work)
        return (work,)


def test_the_table_names_its_kinds():
    assert {name: kind.kind for name, kind in EXECUTORS.items()} == {"serial": "serial", "pool": "pool"}


def test_results_come_in_order_and_one_at_a_time():
    sandbox = Counting()
    results = EXECUTORS["serial"](sandbox).map(iter("abc"))
    assert sandbox.done == []
    assert next(results) == ("a",)
    assert sandbox.done == ["a"]
    assert list(results) == [("b",), ("c",)]
