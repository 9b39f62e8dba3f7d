"""Several tasks on their way to another machine, and what became of them on their way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from torchgrade.errors import IsolationError, TorchgradeError, UsageError, WireError
from torchgrade.model.finding import Attempt
from torchgrade.model.task import Done, Measurement, Task
from torchgrade.wire.codec import Codec


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """A Done without its task, which the other side has."""

    attempts: tuple[Attempt, ...]
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A result for each task, or why there is none."""

    results: tuple[_Result, ...] = ()
    refusal: str = ""
    hint: str = ""
    is_isolation: bool = False


def encode(tasks: Sequence[Task]) -> bytes:
    """Tasks for another machine."""
    return _orders().encode(_Order(tasks=tuple(tasks)))


def decode(data: bytes) -> tuple[Task, ...]:
    """The tasks; a WireError if the bytes are none."""
    return _orders().decode(data).tasks


def encode_done(done: Iterable[Done]) -> bytes:
    """What became of the tasks, in their order."""
    results = (_Result(attempts=each.attempts, measurements=each.measurements) for each in done)
    return _answers().encode(_Answer(results=tuple(results)))


def encode_refusal(error: TorchgradeError) -> bytes:
    """Why nothing is graded there: it ends the run."""
    is_isolation = isinstance(error, IsolationError)
    return _answers().encode(_Answer(refusal=error.message, hint=error.hint, is_isolation=is_isolation))


def decode_done(data: bytes, tasks: Sequence[Task]) -> Iterator[Done]:
    """What became of these tasks. Raises the refusal, if it is one, and WireError if the bytes fit no such tasks."""
    answer = _answers().decode(data)
    if answer.refusal:
        raise (IsolationError if answer.is_isolation else UsageError)(answer.refusal, hint=answer.hint)
    if len(answer.results) != len(tasks):
        raise WireError(f"{len(tasks)} tasks were sent, and {len(answer.results)} came back")
    for task, result in zip(tasks, answer.results, strict=True):
        yield Done(task=task, attempts=result.attempts, measurements=result.measurements)


@cache
def _orders() -> Codec[_Order]:
    return Codec(_Order)


@cache
def _answers() -> Codec[_Answer]:
    return Codec(_Answer)
