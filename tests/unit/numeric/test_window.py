"""Mismatches cut to what can be looked at."""

from __future__ import annotations

import numpy as np
import pytest

from torchgrade.model.finding import Grid
from torchgrade.numeric.arrays import Array
from torchgrade.numeric.gaps import gaps
from torchgrade.numeric.window import LONGEST, window


def grid(observed: object, expected: object, allowed: float = 0.1) -> Grid:
    found, right = np.asarray(observed), np.asarray(expected)
    return window(found, right, gaps(found, right, allowed))


def spiked(shape: tuple[int, ...], at: tuple[int, ...]) -> tuple[Array, Array]:
    observed = np.zeros(shape)
    observed[at] = -1
    return observed, np.zeros(shape)


@pytest.mark.parametrize(
    ("observed", "expected", "allowed", "shown"),
    [
        (2.5, 2.0, 0.1, (("2.5",), ("2",), ("5",))),
        ([1.0, 2.05], [1.5, 2.0], 0.1, (("1 2",), ("1.5 2",), ("-5 0.5",))),
        ([[1, 7], [3, 4]], [[1, 2], [3, 4]], 0.1, (("1 7", "3 4"), ("1 2", "3 4"), ("0 5", "0 0"))),
        ([True, False], [True, True], 0.0, (("True False",), ("True True",), ("0 -1",))),
        ([np.nan, 1.0, np.inf], [np.nan, np.nan, np.inf], 0.1, (("nan 1 inf",), ("nan nan inf",), ("0 nan 0",))),
        ([1 + 2j, 1j], [1 + 1j, 1j], 0.1, (("1+2j 0+1j",), ("1+1j 0+1j",), ("10 0",))),
        ([0.33333, 1.0], [0.33334, 1.0], 1e-7, (("0.33333 1",), ("0.33334 1",), ("-100 0",))),
        ([1.0000001], [1.0000002], 1e-9, (("1.0000001",), ("1.0000002",), ("-100",))),
        ([2**53 + 1], [2**53], 0.0, (("9007199254740993",), ("9007199254740992",), ("1",))),
        (np.array(2**64, dtype=object), 6, 0.0, (("18446744073709551616",), ("6",), ("1.8447e+19",))),
    ],
)
def test_both_sides_have_the_digits_that_differ(
    observed: object, expected: object, allowed: float, shown: tuple[tuple[str, ...], ...]
) -> None:
    found = grid(observed, expected, allowed)
    assert (found.observed, found.expected, found.error) == shown
    assert (found.blocks, found.block) == ((), ())
    assert found.shape == np.shape(expected)


@pytest.mark.parametrize(
    ("shape", "at", "first", "size", "block", "worst_block"),
    [
        ((12, 12), (11, 11), (0, 0), (12, 12), (), None),
        ((13, 5), (0, 4), (0, 0), (12, 5), (1, 1), (0, 4)),
        ((100, 50), (70, 49), (64, 38), (12, 12), (7, 4), (10, 12)),
        ((30,), (20,), (0, 14), (1, 12), (1, 2), (0, 10)),
        ((2, 3, 40), (1, 2, 0), (0, 0), (3, 12), (1, 3), (2, 0)),
    ],
)
def test_what_is_large_is_a_window_around_the_worst_and_blocks(
    shape: tuple[int, ...],
    at: tuple[int, ...],
    first: tuple[int, int],
    size: tuple[int, int],
    block: tuple[int, ...],
    worst_block: tuple[int, int] | None,
) -> None:
    found = grid(*spiked(shape, at))
    assert (found.index, found.first, found.block) == (at, first, block)
    rows = [row.split(" ") for row in found.error]
    assert (len(rows), len(rows[0])) == size
    row, column = (0, 0, *at)[-2:]
    assert rows[row - first[0]][column - first[1]] == "-10"
    blocks = [row.split(" ") for row in found.blocks]
    assert len(blocks) <= 16
    spikes = [(y, x) for y, row_of in enumerate(blocks) for x, each in enumerate(row_of) if each != "0"]
    assert spikes == ([] if worst_block is None else [worst_block])


def test_numbers_without_end_are_cut() -> None:
    huge = np.array([10**400, 7], dtype=object)
    found = grid(huge, np.array([1, 7], dtype=object), 0.0)
    first, second = found.observed[0].split(" ")
    assert (len(first), second) == (LONGEST, "7")
    assert found.error == ("inf 0",)
