"""What the workers of a test's cluster are sent to do, in place of grading: modules that they import by name."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path
from time import sleep

from torchgrade.errors import IsolationError
from torchgrade.model.task import Done, Task
from torchgrade.wire import chunks, recipes

BAD = "bad"
BROKEN = "broken"
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
    """What `session.remote` does, with the grader above; one submitter's task kills whoever grades it.

    The recipe's seed is a folder: each task leaves its name there when it is begun.
    """
    begun = Path(recipes.decode(recipe).seed)
    tasks = chunks.decode(chunk)
    for task in tasks:
        with (begun / f"{task.submission.submitter}-{os.getpid()}").open("a") as file:
            file.write("begun\n")
        if task.submission.submitter == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        if task.submission.submitter == BROKEN:
            raise OSError("the disk is full")
    sleep(0.01)
    try:
        return chunks.encode_done(map(grade, tasks))
    except IsolationError as error:
        return chunks.encode_refusal(error)


def begun(folder: Path) -> Counter[str]:
    """How often each task was begun."""
    return Counter(
        {
            name: sum(1 for _ in folder.glob(f"{name}-*"))
            for name in {each.name.rpartition("-")[0] for each in folder.iterdir()}
        }
    )
