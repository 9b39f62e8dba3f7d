"""What every executor must do: each task once, in whatever order, read as there is room, and an end when told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path

import pytest

from conformance.dask_cluster import DaskCluster, dask_cluster
from conformance.errands import BAD, done, grade, work
from torchgrade.errors import IsolationError
from torchgrade.executors import EXECUTORS
from torchgrade.executors.chunks import MOST_TASKS
from torchgrade.executors.dask import DaskExecutor
from torchgrade.executors.pool import PoolExecutor
from torchgrade.executors.serial import SerialExecutor
from torchgrade.model.kinds import Executor
from torchgrade.model.probe import Source
from torchgrade.model.recipe import Recipe
from torchgrade.model.submission import Submission
from torchgrade.model.task import Task
from torchgrade.session import header

WORKERS = 2
AHEAD = {"serial": 0, "pool": 2 * WORKERS, "dask": 2 * WORKERS * MOST_TASKS}
"""How many more tasks each may have read than it gave back."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path_factory.mktemp("cluster"), WORKERS) as running:
        yield running


@pytest.fixture(params=list(EXECUTORS))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def executor(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Executor:
    """An executor of each kind, with the same idle grader."""

    def on_a_cluster() -> Executor:
        told = header("sandbox", str(tmp_path))
        recipe = Recipe(exercises=(), seed=told.seed, language="", isolation=told.isolation, versions=told.versions)
        return DaskExecutor(request.getfixturevalue("cluster").address, recipe, work, lambda task, error: done(task))

    make: dict[str, Callable[[], Executor]] = {
        "serial": lambda: SerialExecutor(grade),
        "pool": lambda: PoolExecutor(grade, WORKERS),
        "dask": on_a_cluster,
    }
    return make[kind]()


def task(name: object) -> Task:
    submission = Submission(submitter=str(name), path="", source=Source(text="", filename=""), digest=str(name))
    return Task(submission=submission, exercises=("a", "b"))


def test_the_table_names_its_kinds():
    assert {name: kind.kind for name, kind in EXECUTORS.items()} == {name: name for name in AHEAD}


@pytest.mark.parametrize("number", [0, 1, 2, 7, 60])
def test_every_task_comes_back_once_with_itself(executor, number):
    tasks = [task(each) for each in range(number)]
    assert Counter(each.task.submission.submitter for each in executor.map(iter(tasks))) == Counter(
        str(each) for each in range(number)
    )


def test_an_executor_may_be_used_again(executor):
    for _ in range(2):
        assert len(list(executor.map([task(1), task(2)]))) == 2


def test_nothing_is_read_before_it_is_asked_for(executor):
    read = []
    executor.map(task(read.append(number)) for number in count())
    assert read == []


def test_an_endless_class_is_read_as_far_as_there_is_room(kind, executor):
    read = []
    results = executor.map(task(read.append(number)) for number in count())
    for number in range(1, 101):
        next(results)
        assert len(read) <= number + AHEAD[kind]
    close(results)


def test_what_the_grader_raises_ends_the_run(executor):
    results = executor.map(iter([task(BAD), *(task(number) for number in range(500))]))
    with pytest.raises(IsolationError, match="no sandbox for this one") as raised:
        list(results)
    assert raised.value.hint == "another one"
    assert list(results) == [] or isinstance(executor, SerialExecutor)


def test_what_the_reader_raises_ends_the_run(executor):
    def tasks():
        yield task(1)
        raise ZeroDivisionError("unreadable")

    with pytest.raises(ZeroDivisionError, match="unreadable"):
        list(executor.map(tasks()))


def test_whoever_stops_asking_is_done(executor):
    results = executor.map(task(number) for number in count())
    assert len(list(islice(results, 3))) == 3
    close(results)
    assert list(executor.map([task(1)]))


def close(results: Iterator[object]) -> None:
    """What `for … break` does; a `map` needs none."""
    getattr(results, "close", lambda: None)()
