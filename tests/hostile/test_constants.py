"""Constants, NaN, zeros and shapes that broadcast: for every exercise of the bank, none of them is a right value."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from torchgrade.authoring.rights import reference_text
from torchgrade.grading.judge import judge
from torchgrade.grading.solutions import solution_source
from torchgrade.model.exercise import Exercise
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.sandbox import strongest
from torchgrade.session import Session
from torchgrade.spec.load import load_bank

EXERCISES, _ = load_bank(Path(__file__).parents[2] / "exercises")
SPOILS = {
    "the first answer": "first.setdefault(place, value)",
    "zeros": "torch.zeros_like(value) if tensor else type(value)(0)",
    "NaN": "torch.full(value.shape, nan, dtype=value.dtype if value.is_floating_point() else None) if tensor else nan",
    "an extra axis": "value.unsqueeze(0) if tensor else torch.tensor([value]) if number else [value]",
    "an empty tensor": "value.new_empty(0) if tensor else torch.empty(0)",
}
"""What becomes of each right value; `first` remembers by `place`."""
CONSTANT = {"autograd/sympy-derivative": ["value", "value-2"]}
"""Checks of what is the same in every case: a derivative, as an expression."""
WRAPPER = """

def _spoilt(right):
    import torch

    first, nan = {{}}, float("nan")

    def one(value, place):
        tensor, number = isinstance(value, torch.Tensor), isinstance(value, (bool, int, float))
        return {spoilt}

    def spoilt(value, place=()):
        if isinstance(value, (tuple, list)):
            return tuple(spoilt(item, (*place, index)) for index, item in enumerate(value))
        if isinstance(value, dict):
            return {{key: spoilt(item, (*place, key)) for key, item in value.items()}}
        return value if value is None else one(value, place)

    def {entrypoint}(*inputs):
        result = right(*inputs)
        for index, each in enumerate(inputs):
            if isinstance(each, torch.Tensor) and each.is_leaf and each.grad is not None:
                each.grad = spoilt(each.grad, ("grad", index))
        return spoilt(result)

    return {entrypoint}


{entrypoint} = _spoilt({entrypoint})
"""


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with strongest() as sandbox:
        yield Session(sandbox, "constants")


def submission(exercise: Exercise, spoilt: str) -> Submission:
    text = reference_text(exercise) + WRAPPER.format(entrypoint=exercise.entrypoint, spoilt=spoilt)
    source = solution_source(text, "submission.py")
    digest = sha256(source.text.encode()).hexdigest()
    return Submission(submitter="eve", path=source.filename, source=source, digest=digest)


def attempts(session: Session, exercise: Exercise) -> Iterator[tuple[str, Verdict, list[str]]]:
    """By spoil: the verdict, and the checks of values that earn all their points."""
    resolved = session.resolve(exercise)
    for name, spoilt in {"nothing": "value", **SPOILS}.items():
        if name == "the first answer" and not exercise.parameters:
            continue
        handed_in = submission(exercise, spoilt)
        (measured,) = session.measure(handed_in.source, resolved.plan)
        found = judge(resolved, handed_in, measured, {})
        full = [check.name for check in found.checks if check.kind == "value" and check.points == check.max_points]
        yield name, found.verdict, full


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_what_is_right_by_accident_earns_nothing(exercise: Exercise, session: Session) -> None:
    (_, right, all_of), *others = attempts(session, exercise)
    values = [check.name for check in exercise.checks if check.kind == "value"]
    assert (right, all_of) == (Verdict.ACCEPTED, values), "only what is spoilt is wrong"
    for name, verdict, full in others:
        constant = CONSTANT.get(exercise.id, []) if name == "the first answer" else []
        assert (verdict is Verdict.ACCEPTED, full) == (False, constant), name
