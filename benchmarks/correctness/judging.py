"""Answers judged as students' are: exercises from YAML text, code measured in the sandbox, verdicts case by case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch

from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.value import Scalar, Tensor, Value
from torchgrade.model.verdict import Verdict, worst
from torchgrade.numeric.arrays import from_numpy, to_numpy
from torchgrade.session import Session
from torchgrade.spec.load import load_text

ENTRYPOINT = "answer"
Function = Callable[..., object]


@dataclass(slots=True, kw_only=True)
class Tally:
    """How often something was judged, and how it came out."""

    verdicts: Counter[Verdict]

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> Tally:
        return cls(verdicts=Counter(verdicts))

    @property
    def total(self) -> int:
        return self.verdicts.total()

    @property
    def accepted(self) -> int:
        return self.verdicts[Verdict.ACCEPTED]

    @property
    def undecided(self) -> int:
        return self.verdicts[Verdict.UNDECIDED]

    @property
    def rejected(self) -> int:
        return self.total - self.accepted - self.undecided


def exercise(text: str, id: str) -> Exercise:
    """An exercise as if it stood in a file."""
    return load_text(text, f"{id}.yaml", f"benchmarks/{id}")


def submission(function: Function, entrypoint: str = ENTRYPOINT) -> Submission:
    """The module of an answer, in which the entry point is that answer."""
    code = function.__code__
    text = Path(code.co_filename).read_text(encoding="utf-8")
    return handed_in(f"{text}\n\n{entrypoint} = {function.__name__}\n", function.__name__)


def handed_in(text: str, submitter: str) -> Submission:
    """Code as a submission."""
    digest = sha256(text.encode()).hexdigest()
    return Submission(
        submitter=submitter, path="answer.py", source=Source(text=text, filename="answer.py"), digest=digest
    )


def verdicts(attempt: Attempt) -> Mapping[str, Verdict]:
    """The worst verdict of all checks on each case; under the empty name what is about no case."""
    found: dict[str, Verdict] = {}
    for check in attempt.checks:
        for finding in check.findings:
            found[finding.case] = worst((found.get(finding.case, Verdict.ACCEPTED), finding.verdict))
    return found


def judged(session: Session, function: Function, exercises: Sequence[Exercise]) -> Iterator[Mapping[str, Verdict]]:
    """The verdicts on one answer in every case of every exercise; raises where the judge itself failed."""
    for each, attempt in zip(exercises, session.attempts((submission(function),), exercises), strict=True):
        if attempt.verdict in (Verdict.JUDGE_ERROR, Verdict.INVALID_SUBMISSION):
            raise RuntimeError(f"{function.__name__} in {each.id}: {attempt.checks[0].findings[0].feedback}")
        yield verdicts(attempt)


def in_dtype(case: Case, dtype: str) -> Case:
    """The case rounded to `dtype`: what float32 makes of a matrix that only float64 can hold."""
    return replace(case, dtype=dtype, inputs={name: _rounded(value, dtype) for name, value in case.inputs.items()})


def _rounded(value: Value, dtype: str) -> Value:
    return from_numpy(to_numpy(value), dtype) if isinstance(value, Tensor) else value


def arguments(case: Case) -> list[object]:
    """The inputs of a case as torch has them."""
    return [as_torch(value) for value in case.inputs.values()]


def as_torch(value: Value) -> object:
    """A tensor, or a Python number."""
    if isinstance(value, Scalar):
        return value.value
    assert isinstance(value, Tensor)
    return torch.from_numpy(np.array(to_numpy(value)))


def is_close(function: Function, inputs: Sequence[object], right: object) -> bool:
    """What `torch.testing.assert_close` says of an answer with its defaults; an answer that raises is none."""
    try:
        torch.testing.assert_close(function(*inputs), right)
    except (AssertionError, RuntimeError):
        return False
    return True


def verdict_of(is_accepted: bool) -> Verdict:
    """What a judge that knows only yes and no says."""
    return Verdict.ACCEPTED if is_accepted else Verdict.WRONG_ANSWER
