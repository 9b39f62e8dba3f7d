"""Patterns: each is found where it is, in all failing cases, and not by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from torchgrade.checks.value import ValueCheck
from torchgrade.grading.diagnose import pattern
from torchgrade.grading.examine import Examined
from torchgrade.grading.patterns import PATTERNS
from torchgrade.model.case import Case, Origin
from torchgrade.model.finding import Judgement, Mismatch
from torchgrade.model.target import Target
from torchgrade.model.value import Scalar, ScalarType, Value
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import Array, from_numpy

M = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -7.0]])
S = np.array([[1.0, -2.0, 3.5], [4.0, 5.0, -7.0], [0.5, 8.0, 9.0]])
V = np.array([2.0, 5.0, 3.0])
P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
Q = np.exp(S) / np.exp(S).sum(axis=0, keepdims=True)
Pairs = Sequence[tuple[Array, Array]]


def failure(observed: Array | Value | None, expected: Array, outcome: str = "result", **inputs: Array) -> Examined:
    dims = {"n": expected.shape[0]} if expected.ndim else {}
    case = Case(
        name="one",
        group="one",
        origin=Origin.DRAWN,
        visible=False,
        dtype="float32",
        dims=dims,
        inputs={name: from_numpy(array.astype(np.float32)) for name, array in (inputs or {"x": expected}).items()},
        expected={},
    )
    value = from_numpy(observed.astype(observed.dtype)) if isinstance(observed, np.ndarray) else observed
    mismatch = Mismatch(outcome=outcome, observed=value, target=Target(value=from_numpy(expected)))
    judgement = Judgement(verdict=Verdict.WRONG_ANSWER, mismatch=mismatch)
    return Examined(check=ValueCheck(name="value"), case=case, judgement=judgement)


def found(*pairs: tuple[Array, Array], outcome: str = "result", **inputs: Array) -> tuple[str, str]:
    given = inputs or {"other": np.array([77.0])}
    diagnosis = pattern([failure(observed, expected, outcome, **given) for observed, expected in pairs])
    return (diagnosis.name, diagnosis.sentence) if diagnosis else ("", "")


def changed(array: Array, index: object, value: float = 99.0) -> Array:
    copy = array.copy()
    copy[index] = value
    return copy


KNOWN: dict[str, tuple[Pairs, str]] = {
    "zero": ([(0 * V, V)], "Every value is 0."),
    "sign": ([(-M, M)], "Every sign is the opposite of what it should be."),
    "transposed": ([(S.T, S)], "This is the transpose of the right result."),
    "factor": ([(2 * V, V)], "Every value is 2 times what it should be."),
    "absolute": ([(abs(M), M)], "These are the absolute values of the right ones."),
    "squared": ([(M**2, M)], "Every value is the square of what it should be."),
    "root": ([(np.sqrt(V), V)], "Every value is the square root of what it should be."),
    "reciprocal": ([(1 / V, V)], "Every value is 1 divided by what it should be."),
    "exponential": ([(np.exp(V), V)], "Every value is exp of what it should be."),
    "logarithm": ([(np.log(V), V)], "Every value is the logarithm of what it should be."),
    "truncated": ([(np.trunc(S), S)], "Every value has lost what stands behind the point."),
    "conjugate": ([(V - 1j * V[::-1], V + 1j * V[::-1])], "Every value is the complex conjugate of what it should be."),
    "shifted": ([(V + 1, V)], "Every value is 1 too great."),
    "flipped": ([(V[::-1], V)], "The right values stand in reverse along axis 0."),
    "rolled": ([(np.roll(V, 1), V)], "The right values stand 1 along axis 0 further on than they should."),
    "reordered": (
        [(np.array([7.0, 2, 5, 3]), np.array([2.0, 3, 7, 5]))],
        "These are the right values in another order.",
    ),
    "axes": ([(V[None], V)], "The values are right, but there are too many axes."),
    "broadcast": ([(np.outer(V, V), V**2)], "The right values stand on the diagonal of a matrix."),
    "other-axis": ([(Q, P)], "This works along another axis than it should."),
    "only-wrong": ([(changed(S, 0), S)], "Only the first row is wrong."),
    "only-right": ([(np.where(np.eye(3) > 0, S, 50 + S**2), S)], "Only the diagonal is right."),
}


@pytest.mark.parametrize(("name", "pairs", "sentence"), [(name, *rest) for name, rest in KNOWN.items()], ids=KNOWN)
def test_each_pattern_is_found(name: str, pairs: Pairs, sentence: str) -> None:
    assert found(*pairs) == (name, sentence)


def test_every_pattern_is_tested_and_helps() -> None:
    assert {each.name for each in PATTERNS} == {*KNOWN, "unchanged", "accumulated"}
    assert all(each.help for each in PATTERNS)


def test_an_input_returned_as_it_is() -> None:
    assert found((V, V**3), x=V, y=V + 3) == ("unchanged", "This is `x`, unchanged.")


def test_a_gradient_counted_twice() -> None:
    assert found((2 * V, V), outcome="x.grad") == ("accumulated", "The gradient is counted twice.")


@pytest.mark.parametrize(("wrong", "name"), [(M.sum(1), "other-axis"), (np.pad(M.sum(0), (0, 4)), "")])
def test_a_reduction_along_another_axis_has_the_size_of_an_axis(wrong: Array, name: str) -> None:
    assert found((wrong, M.sum(0)), A=M)[0] == name


@pytest.mark.parametrize(
    ("pairs", "reading"),
    [
        ([(V / 2, V)], "1/2"),
        ([(-2 * V, V)], "-2"),
        ([(7 * np.arange(1, 8.0), np.arange(1, 8.0)), (5 * np.arange(1, 6.0), np.arange(1, 6.0))], "n"),
        ([(np.arange(1, 8.0) / 7, np.arange(1, 8.0)), (np.arange(1, 6.0) / 5, np.arange(1, 6.0))], "1/n"),
        ([(np.arange(1, 8.0) * 7 / 6, np.arange(1, 8.0))], "n/(n - 1)"),
        ([(11 * V, V)], "numel(x)"),
    ],
)
def test_factors_are_named(pairs: Pairs, reading: str) -> None:
    sentence = f"Every value is {reading} times what it should be."
    assert found(*pairs, x=np.arange(11.0)) == ("factor", sentence)


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ((V - 1, V), "Every value is 1 too small."),
        ((V + 0.3, V), "Every value is off by one and the same number."),
        ((changed(S, (-1, slice(None))), S), "Only the last row is wrong."),
        ((changed(S, (slice(None), 0)), S), "Only the first column is wrong."),
        ((changed(S, (slice(None), -1)), S), "Only the last column is wrong."),
        ((np.where(np.tri(3, k=-1) > 0, 9, S), S), "Only the part below the diagonal is wrong."),
        ((np.where(np.tri(3) == 0, 9, S), S), "Only the part above the diagonal is wrong."),
        ((changed(V, -1), V), "Only the last element is wrong."),
        ((V, V[None]), "The values are right, but there are too few axes."),
        ((np.flip(S, 1), S), "The right values stand in reverse along axis 1."),
    ],
)
def test_readings(pair: tuple[Array, Array], sentence: str) -> None:
    assert found(pair)[1] == sentence


@pytest.mark.parametrize(
    "pairs",
    [
        [(np.array(6.0), np.array(3.0))],  # one number twice as great may be anything
        [(np.array([4.0, 4.0]), np.array([2.0, 2.0]))],
        [(2 * V, V), (3 * V, V)],
        [(-V, V), (V + 1, V)],
        [(V + np.array([0.1, 0.5, 0.9]), V)],
        [(np.array([np.nan, 1, 2]), V)],
        [(V * 1.5, V + 0.1)],
        [(V * 1j, V + 0.1)],
        [(V + 0.1, V * 1j)],
        [(abs(S), abs(S))],  # the dtype is wrong, say, and no number
        [(abs(S), abs(S)), (-S, S)],
        [(V + 1e-5, V)],
        [(changed(M[:1], (0, [0, 2])), M[:1])],  # not all of the first row is right
        [(changed(S, (2, 0)), S)],  # nor is most of the last one wrong
    ],
)
def test_chance_and_disagreement_are_no_pattern(pairs: Pairs) -> None:
    assert found(*pairs) == ("", "")


def test_numbers_of_several_cases_count_together() -> None:
    pairs = [(np.array(6.0), np.array(3.0)), (np.array(-10.0), np.array(-5.0))]
    assert found(*pairs) == ("factor", "Every value is 2 times what it should be.")


@pytest.mark.parametrize("observed", [None, Scalar(type=ScalarType.STR, value="x"), np.array([True, False, True])])
def test_what_is_no_number_has_no_pattern(observed: Array | Value | None) -> None:
    assert pattern([failure(observed, V)]) is None


def test_no_failures_have_no_pattern() -> None:
    assert pattern([]) is None
    source = replace(failure(-V, V), case=None)
    assert pattern([source]) is None
