"""The cotangent tape."""

from __future__ import annotations

import pytest

from torchgrade.numeric.tape import LENGTH, cotangent, read


def test_small_integers_and_never_zero() -> None:
    tape = cotangent("seed")
    assert len(tape) == LENGTH
    assert set(tape) == {-3, -2, -1, 1, 2, 3}


def test_the_tape_is_fixed_for_ever() -> None:
    assert cotangent("seed")[:8] == (-1, 2, -2, -3, -3, -1, 3, 3)
    assert cotangent("seed") == cotangent("seed")
    assert cotangent("seed") != cotangent("another")


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [(0, 2, [1, 2]), (2, 4, [3, 1, 2, 3]), (7, 0, []), (7, 1, [2])],
)
def test_read_goes_round(start: int, count: int, expected: list[int]) -> None:
    assert read((1, 2, 3), start, count) == expected
