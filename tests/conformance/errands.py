"""What the workers of a test's cluster are sent to do, in place of grading: modules that they import by name."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from time import sleep

from torchgrade.errors import IsolationError
from torchgrade.model.task import Done, Task
from torchgrade.wire import chunks, recipes

BAD = "bad"
BROKEN = "broken"
LINGERS = "lingers"
POISON = "poison"


def done(task: Task) -> Done:
    """What an idle grader makes of a task: nothing."""
    return Done(task=task, attempts=(), measurements=())


def grade(task: Task) -> Done:
    """A grader that refuses one task."""
    if task.submission.submitter == BAD:
        raise IsolationError("no sandbox for this one", hint="another one")
    return done(task)


def work(recipe: bytes, chunk: bytes) -> bytes:
    """What `session.remote` does, with the grader above, and with tasks that are bad for whoever grades them.

    The recipe's seed is a folder: each worker leaves its number there for each task that it begins.
    """
    folder = Path(recipes.decode(recipe).seed)
    tasks = chunks.decode(chunk)
    for task in tasks:
        _suffer(task.submission.submitter, folder)
    try:
        return chunks.encode_done(map(grade, tasks))
    except IsolationError as error:
        return chunks.encode_refusal(error)


def _suffer(name: str, folder: Path) -> None:
    (folder / name).mkdir(exist_ok=True)
    (folder / name / str(os.getpid())).touch()
    if name == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    if name == BROKEN:
        raise OSError("the disk is full")
    if name.startswith(LINGERS) and begun(folder)[name] == 1:
        sleep(600)


def begun(folder: Path) -> dict[str, int]:
    """How many workers began each task."""
    return {place.name: len(list(place.iterdir())) for place in folder.iterdir()}


def grader_of(name: str, folder: Path) -> int:
    """The process that has begun a task, as soon as there is one."""
    while not (found := list((folder / name).glob("*"))):
        sleep(0.02)
    return int(found[0].name)
