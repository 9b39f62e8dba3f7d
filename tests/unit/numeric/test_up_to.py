"""Answers that are right in more than one form."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.model.finding import Stage
from torchgrade.model.target import Target
from torchgrade.model.value import Scalar, ScalarType
from torchgrade.numeric.arrays import Array, from_numpy
from torchgrade.numeric.compare import compare
from torchgrade.numeric.up_to import UpTo, align, closest_form

BASIS = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
MIXED = BASIS @ np.array([[2.0, 1.0], [-1.0, 3.0]])
TURN = np.exp(0.7j)
VECTOR = np.array([3.0, -1.0, 2.0])
NAN = np.array([np.nan, 1.0])


@pytest.mark.parametrize(
    ("up_to", "observed", "expected", "equal"),
    [
        (UpTo.SIGN, -VECTOR, VECTOR, True),
        (UpTo.SIGN, VECTOR, VECTOR, True),
        (UpTo.SIGN, VECTOR * [1, -1, 1], VECTOR, False),
        (UpTo.SIGN, np.array([[1.0, 2.0], [-3.0, -4.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), False),
        (UpTo.SIGN, np.array(-2.0), np.array(2.0), True),
        (UpTo.COLUMN_SIGN, MIXED * [-1, 1], MIXED, True),
        (UpTo.COLUMN_SIGN, MIXED * [[-1], [1], [1]], MIXED, False),
        (UpTo.COLUMN_SIGN, -VECTOR, VECTOR, True),
        (UpTo.COLUMN_SIGN, np.stack([MIXED * [-1, 1], MIXED]), np.stack([MIXED, -MIXED]), True),
        (UpTo.PHASE, MIXED * [TURN, 1j], MIXED.astype(complex), True),
        (UpTo.PHASE, MIXED * 2j, MIXED.astype(complex), False),
        (UpTo.PHASE, 1j * VECTOR, VECTOR + 0j, True),
        (UpTo.PERMUTATION, VECTOR[[2, 0, 1]], VECTOR, True),
        (UpTo.PERMUTATION, np.array([3.0, 3.0, 2.0]), VECTOR, False),
        (UpTo.PERMUTATION, MIXED[[2, 0, 1]], MIXED, True),
        (UpTo.PERMUTATION, MIXED[:, [1, 0]], MIXED, False),
        (UpTo.PERMUTATION, np.array([np.inf, 1.0]), np.array([1.0, np.inf]), True),
        (UpTo.PERMUTATION, np.array([1j, 2.0]), np.array([2.0, 1j]), True),
        (UpTo.PERMUTATION, np.array(1.0), np.array(1.0), True),
        (UpTo.SPAN, MIXED, BASIS, True),
        (UpTo.SPAN, BASIS, MIXED, True),
        (UpTo.SPAN, BASIS[[0, 2, 1]], BASIS, False),
        (UpTo.SPAN, BASIS * [1, 0], BASIS, False),
        (UpTo.SPAN, np.hstack([BASIS[:, :1], BASIS[:, :1] + 1e-9]), BASIS, False),
        (UpTo.SPAN, 3 * VECTOR, VECTOR, True),
        (UpTo.SPAN, NAN, np.array([1.0, 2.0]), False),
        (UpTo.SIGN, NAN, -NAN, False),
    ],
)
def test_equal_up_to(up_to: UpTo, observed: Array, expected: Array, equal: bool) -> None:
    aligned = align(observed, expected, up_to)
    assert aligned.shape == observed.shape
    assert np.allclose(aligned, expected, equal_nan=True) is equal


def test_the_observed_dtype_is_kept_and_judged() -> None:
    observed, truth = from_numpy(-VECTOR, "float32"), from_numpy(VECTOR)
    moved = closest_form(observed, truth, UpTo.SIGN)
    assert compare(moved, Target(value=truth, scale=3.0), None, "float32").stage is Stage.EQUAL
    integers = from_numpy(np.array([2, 1]), "int64")
    assert closest_form(integers, from_numpy(np.array([1, 2])), UpTo.PERMUTATION) == from_numpy(np.array([1, 2]))


@pytest.mark.parametrize(
    "observed",
    [
        from_numpy(np.array([[-3.0, 1.0, -2.0]])),
        from_numpy(np.array([-3, 1, -2])),
        from_numpy(-VECTOR + 0j),
        Scalar(type=ScalarType.FLOAT, value=-3.0),
    ],
)
def test_what_is_no_such_tensor_stays_as_it_is(observed: object) -> None:
    assert closest_form(observed, from_numpy(VECTOR), UpTo.SIGN) is observed  # type: ignore[arg-type]
