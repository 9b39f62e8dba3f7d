"""Item analysis: against a table worked out by hand, and against numpy."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.grading.items import FEWEST, Flag, Item, Items, Moments, Score, analyse, groups


def table(rows: Sequence[Sequence[int]], most: int = 1) -> list[list[Score]]:
    """Points of each submitter (a row) in each exercise (a column)."""
    return [[Score(f"e{at}", Fraction(each), Fraction(most)) for at, each in enumerate(row)] for row in rows]


BY_HAND = [(1, 1, 0)] * 5 + [(1, 0, 1)] * 5 + [(0, 0, 1)] * 6 + [(0, 0, 0)] * 4
"""20 submitters: totals 2 (10 times), 1 (6 times), 0 (4 times). 27% are 5: of the ten best each counts half; of the
weakest the four with nothing, and a sixth of each of the six with 1."""


def test_a_table_worked_out_by_hand() -> None:
    analysis = analyse(table(BY_HAND))
    assert analysis is not None
    first, second, third = analysis.items
    assert [each.difficulty for each in analysis.items] == pytest.approx([10 / 20, 5 / 20, 11 / 20])
    assert [each.discrimination for each in analysis.items] == pytest.approx([1.0, 0.5, 0.5 - 1 / 5])
    # Of e0 the rest is e1 + e2: 1 for the ten who have it, 1 for six and 0 for four of the others.
    rest = [1] * 16 + [0] * 4
    assert first.correlation == pytest.approx(np.corrcoef([1] * 10 + [0] * 10, rest)[0, 1])
    assert first.correlation == pytest.approx(0.5)
    # Of e1: 1/4 - 1/4 · 21/20 is the covariance, and both variances are 1/4 - 1/16 and 31/20 - (21/20)².
    assert second.correlation == pytest.approx(-0.0125 / (0.1875 * 0.4475) ** 0.5)
    columns = [0] * 5 + [1] * 11 + [0] * 4, [2] * 5 + [1] * 5 + [0] * 10
    assert third.correlation == pytest.approx(np.corrcoef(*columns)[0, 1])
    assert (third.flags, third.count) == ((Flag.NEGATIVE,), 20)
    # alpha = 3/2 (1 - (5 + 3.75 + 4.95) / 12.2), the sums of squares of e0, e1, e2 and the totals
    assert analysis.alpha == pytest.approx(1.5 * (1 - 13.7 / 12.2))


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=FEWEST, max_size=60))
def test_the_correlation_is_numpys(rows: list[list[int]]) -> None:
    analysis = analyse(table(rows, 4))
    assert analysis is not None
    points = np.array(rows, dtype=float)
    for at, item in enumerate(analysis.items):
        rest = points.sum(axis=1) - points[:, at]
        if np.ptp(points[:, at]) == 0 or np.ptp(rest) == 0:
            assert item.correlation is None
        else:
            assert item.correlation == pytest.approx(np.corrcoef(points[:, at], rest)[0, 1], abs=1e-9)
        assert item.difficulty == pytest.approx(points[:, at].mean() / 4)


@given(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=FEWEST, max_size=40), st.randoms())
def test_the_order_of_submitters_says_nothing(rows: list[list[int]], random: object) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined]
    first, second = analyse(table(rows, 3)), analyse(table(shuffled, 3))
    assert first is not None
    assert second is not None
    for one, other in zip(first.items, second.items, strict=True):
        assert one.discrimination == pytest.approx(other.discrimination, abs=1e-9)
        assert -1 <= one.discrimination <= 1


@given(st.lists(st.fractions(0, 5, max_denominator=3), min_size=1, max_size=50))
def test_both_groups_are_27_percent(totals: list[Fraction]) -> None:
    found, size = groups(totals), max(1, round(0.27 * len(totals)))
    weights = [found.weights(total) for total in totals]
    assert sum(low for low, _ in weights) == pytest.approx(size)
    assert sum(high for _, high in weights) == pytest.approx(size)


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1])
def test_of_few_nothing_is_said(count: int) -> None:
    assert analyse(table([(1, 0)] * count)) is None


def test_what_few_have_points_in_is_left_out() -> None:
    people = table([(0, 1), (1, 1)] * 10)
    people[0] = people[0][:1]
    analysis = analyse(people)
    assert analysis is not None
    assert [each.exercise for each in analysis.items] == ["e0"]
    assert analysis.alpha is None, "not everyone has every exercise"


def test_equal_numbers_do_not_vary_at_all() -> None:
    moments = Moments()
    for _ in range(1000):
        moments.add(0.1, 1 / 3)
    assert (moments.square_x, moments.square_y, moments.correlation) == (0, 0, None)
    everyone_right = analyse(table([(1, 1)] * 30))
    assert everyone_right is not None
    assert [(each.correlation, each.flags) for each in everyone_right.items] == [(None, (Flag.EASY,))] * 2
    assert everyone_right.alpha is None


@pytest.mark.parametrize(
    ("difficulty", "correlation", "flags"),
    [
        (0.5, 0.4, ()),
        (0.19, 0.4, (Flag.HARD,)),
        (0.2, 0.1, ()),
        (0.9, None, ()),
        (0.91, 0.05, (Flag.WEAK, Flag.EASY)),
        (0.1, -0.01, (Flag.NEGATIVE, Flag.HARD)),
        (0.5, 0.0, (Flag.WEAK,)),
    ],
)
def test_flags(difficulty: float, correlation: float | None, flags: tuple[Flag, ...]) -> None:
    item = Item(exercise="e", count=50, difficulty=difficulty, discrimination=0.3, correlation=correlation)
    assert item.flags == flags


def test_nothing_is_compared_before_all_are_known() -> None:
    items = Items()
    for own in table([(1, 0), (0, 1)]):
        items.add(own)
        items.compare(own)
    assert items.analysis() is None
