"""What reports show of an attempt: the student's lines, and numbers side by side; nothing of what is hidden."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.value import ValueCheck
from torchgrade.grading.examine import Examined
from torchgrade.grading.excerpt import LONGEST, MOST_LINES, excerpt
from torchgrade.grading.grid import grid
from torchgrade.model.case import Case
from torchgrade.model.finding import Comparison, Judgement, Mismatch, Stage
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.target import Target
from torchgrade.model.value import Record, Scalar, ScalarType, Series, Value
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import from_numpy
from torchgrade.numeric.compare import compare
from torchgrade.numeric.up_to import UpTo

FILE = """\
import torch


@torch.no_grad()
def square(x):
    y = helper(x)
    return y


def helper(x):
    return x * x

CONSTANT = square(1)
"""
RIGHT, WRONG = from_numpy(np.array([1.0, 2.0, 3.0])), from_numpy(np.array([1.0, 2.5, 3.0]))


def submission(text: str) -> Submission:
    return Submission(submitter="a", path="a.py", source=Source(text=text, filename="a.py"), digest="")


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [(0, 4, 7), (5, 4, 7), (6, 4, 7), (11, 10, 11), (13, 5, 14), (99, 4, 7)],
)
def test_the_definition_around_a_line_is_shown(line: int, first: int, last: int) -> None:
    code = excerpt(submission(FILE), "square", line)
    assert code is not None
    assert (code.file, code.line) == ("a.py", first)
    assert code.text == "\n".join(FILE.split("\n")[first - 1 : last])


@pytest.mark.parametrize(
    ("text", "line", "first"),
    [
        ("def square(x):\n" + "    x = 1\n" * 200, 150, 120),
        ("def square(x):\n" + "    x = 1\n" * 200, 1, 1),
        ("def square(x):\n" + "    x = 1\n" * 200, 201, 142),
        ("def square(x:\n" + "x\n" * 200, 100, 92),
    ],
)
def test_of_a_long_one_the_part_around_the_line(text: str, line: int, first: int) -> None:
    code = excerpt(submission(text), "square", line)
    assert code is not None
    assert code.line == first
    assert code.line <= line < code.line + len(code.text.split("\n")) <= code.line + MOST_LINES


def test_no_line_is_long_and_none_is_made_up() -> None:
    code = excerpt(submission("def square(x): return '" + "x" * 10_000_000 + "'"), "square", 0)
    assert code is not None
    assert len(code.text) == LONGEST
    assert excerpt(submission(""), "square", 0) is None
    assert excerpt(submission("x = 1"), "square", 7) is None


def examined(case: Case | None, observed: Value | None, expected: Value, up_to: UpTo | None = None) -> Examined:
    target = Target(value=expected, scale=3.0)
    comparison = compare(observed or Scalar(type=ScalarType.NONE, value=None), target, None, "float32")
    judgement = Judgement(
        verdict=Verdict.WRONG_ANSWER,
        comparison=replace(comparison, outcome=f"result{comparison.outcome}"),
        mismatch=Mismatch(outcome="result", observed=observed, target=target),
    )
    return Examined(check=ValueCheck(name="value", up_to=up_to), case=case, judgement=judgement)


@pytest.mark.parametrize(
    ("observed", "expected", "row"),
    [
        (WRONG, RIGHT, "1 2.5 3"),
        (Series(type="tuple", items=(RIGHT, WRONG)), Series(type="tuple", items=(RIGHT, RIGHT)), "1 2.5 3"),
        (Record(items=(("a", RIGHT), ("b", WRONG))), Record(items=(("b", RIGHT), ("a", RIGHT))), "1 2.5 3"),
        (Scalar(type=ScalarType.FLOAT, value=2.5), from_numpy(np.array(2.0)), "2.5"),
        (None, RIGHT, None),
        (from_numpy(np.array([1.0])), RIGHT, None),
        (Scalar(type=ScalarType.STR, value="b"), Scalar(type=ScalarType.STR, value="a"), None),
    ],
)
def test_numbers_stand_side_by_side(
    observed: Value | None, expected: Value, row: str | None, cases: tuple[Case, ...]
) -> None:
    found = grid(examined(cases[0], observed, expected))
    assert (found and found.observed) == (None if row is None else (row,))
    assert grid(examined(cases[1], observed, expected)) is None, "a hidden case shows nothing"
    assert grid(examined(None, observed, expected)) is None


def test_an_answer_that_may_have_either_sign_is_shown_with_the_nearer_one(cases: tuple[Case, ...]) -> None:
    found = grid(examined(cases[0], from_numpy(np.array([-1.0, -2.5, -3.0])), RIGHT, UpTo.SIGN))
    assert found is not None
    assert found.observed == ("1 2.5 3",)


def test_what_has_no_numbers_has_no_grid(cases: tuple[Case, ...]) -> None:
    judgement = Judgement(verdict=Verdict.RUNTIME_ERROR)
    assert grid(Examined(check=ValueCheck(name="value"), case=cases[0], judgement=judgement)) is None
    shape = Judgement(
        verdict=Verdict.WRONG_ANSWER,
        comparison=Comparison(stage=Stage.SHAPE),
        mismatch=Mismatch(outcome="result", observed=WRONG, target=Target(value=RIGHT)),
    )
    assert grid(Examined(check=ValueCheck(name="value"), case=cases[0], judgement=shape)) is None
