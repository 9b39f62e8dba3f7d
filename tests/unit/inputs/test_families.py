"""What drawn tensors look like."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from torchgrade.errors import FormulaError
from torchgrade.inputs.chance import generator, uniform
from torchgrade.inputs.families import drawn
from torchgrade.inputs.matrices import WELL_CONDITIONED, exact_rank
from torchgrade.inputs.wanted import Wanted
from torchgrade.model.exercise import Family
from torchgrade.numeric.arrays import Array


def wanted(family: Family, *shape: int, **changes: object) -> Wanted:
    described: dict[str, object] = {"dtype": "float32", "low": -2.0, "high": 2.0, **changes}
    if str(described["dtype"]).startswith("int"):
        described = {**described, "low": -9.0, "high": 9.0, **changes}
    return Wanted(name="x", family=family, shape=shape, **described)  # type: ignore[arg-type]


def draws(family: Family, *shape: int, **changes: object) -> list[Array]:
    return [drawn(wanted(family, *shape, **changes), generator("families", str(number))) for number in range(20)]


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (3, 3), (2, 3, 3), (0, 2, 2)])
def test_every_family_has_every_square_shape(family: Family, shape: tuple[int, ...]) -> None:
    for array in draws(family, *shape):
        assert array.shape == shape
        assert np.isfinite(array).all()


@pytest.mark.parametrize("family", list(Family))
def test_the_same_seed_gives_the_same_numbers(family: Family) -> None:
    first, second = (drawn(wanted(family, 3, 3), generator("seed")) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    "family", [Family.GENERAL, Family.DISTINCT, Family.TIES, Family.SYMMETRIC, Family.LOW_RANK, Family.INVERTIBLE,
               Family.POSITIVE_DEFINITE, Family.PROBABILITIES, Family.LOWER_TRIANGULAR]
)  # fmt: skip
def test_numbers_are_exact_in_single_precision(family: Family) -> None:
    for array in draws(family, 4, 4):
        np.testing.assert_array_equal(array.astype(np.float32), array)


@pytest.mark.parametrize(("dtype", "narrow"), [("float32", np.float16), ("float64", np.float32)])
def test_numbers_need_more_digits_than_the_next_smaller_dtype_has(dtype: str, narrow: type) -> None:
    """So that `x.half()` and, in float64, `x.float()` show even where the answer is a copy of the input."""
    for family in (Family.GENERAL, Family.DISTINCT, Family.SORTED, Family.SYMMETRIC, Family.INVERTIBLE):
        for array in draws(family, 4, 4, dtype=dtype):
            rounded = array.astype(narrow).astype(np.float64)
            assert np.abs(rounded - array).max() > 2**10 * np.finfo(dtype).eps


@pytest.mark.parametrize(
    ("low", "high"),
    [(-2.0, 2.0), (0.1, 2.0), (0.01, 0.5), (2000.0, 3000.0), (-5.0, -0.01), (1e-6, 1e-4), (100, 100.01)],
)
def test_ranges_are_kept_and_filled(low: float, high: float) -> None:
    numbers = uniform(generator("range"), low, high, (2000,))
    assert low <= numbers.min() < numbers.max() <= high
    assert len(np.unique(numbers)) > 500
    assert numbers.max() - numbers.min() > 0.99 * (high - low)


def test_a_range_of_one_number() -> None:
    assert uniform(generator("range"), 0.1, 0.1, (2,)).tolist() == [0.1, 0.1]


def test_general_of_each_kind() -> None:
    whole = drawn(wanted(Family.GENERAL, 200, dtype="int64"), generator("k"))
    assert (whole.dtype.kind, whole.min(), whole.max()) == ("i", -9, 9)
    assert set(drawn(wanted(Family.GENERAL, 50, dtype="bool"), generator("k")).tolist()) == {False, True}
    complexes = drawn(wanted(Family.GENERAL, 50, dtype="complex64"), generator("k"))
    assert len(np.unique(complexes.real)) > 40
    assert len(np.unique(complexes.imag)) > 40


@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_distinct(dtype: str) -> None:
    for array in draws(Family.DISTINCT, 3, 5, dtype=dtype):
        assert np.diff(np.sort(array.ravel())).min() > 1e-2
        assert (np.abs(array) <= 9).all()


@pytest.mark.parametrize(("size", "values"), [(2, 1), (3, 1), (5, 2), (12, 3)])
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_ties(size: int, values: int, dtype: str) -> None:
    for array in draws(Family.TIES, size, dtype=dtype):
        assert len(np.unique(array)) == values
    assert len({tuple(array) for array in draws(Family.TIES, 12)}) > 10


def test_ties_of_a_range_with_one_integer() -> None:
    assert drawn(wanted(Family.TIES, 4, dtype="int64", low=2.0, high=2.0), generator("t")).tolist() == [2, 2, 2, 2]


def test_sorted_rows() -> None:
    for array in draws(Family.SORTED, 3, 4):
        assert (np.diff(array, axis=-1) >= 0).all()


def test_one_hot_rows() -> None:
    arrays = draws(Family.ONE_HOT, 3, 4)
    for array in arrays:
        assert set(array.ravel().tolist()) == {0, 1}
        assert (array.sum(axis=-1) == 1).all()
    assert np.any(arrays[0] != arrays[1])


@pytest.mark.parametrize("size", [1, 2, 5, 1500])
def test_probabilities_sum_to_exactly_one(size: int) -> None:
    for array in draws(Family.PROBABILITIES, 2, size):
        assert (array > 0).all()
        assert array.sum(axis=-1).tolist() == [1.0, 1.0]


def test_permutation_rows() -> None:
    for array in draws(Family.PERMUTATION, 2, 5, dtype="int64"):
        assert np.sort(array, axis=-1).tolist() == [[0, 1, 2, 3, 4]] * 2


@pytest.mark.parametrize("size", [2, 3, 7])
def test_masks_have_both_values(size: int) -> None:
    for array in draws(Family.MASK, size, dtype="bool"):
        assert array.any()
        assert not array.all()


def test_symmetric() -> None:
    for array in draws(Family.SYMMETRIC, 2, 4, 4):
        np.testing.assert_array_equal(array, np.swapaxes(array, -1, -2))


@pytest.mark.parametrize("condition", [None, 100.0])
def test_positive_definite(condition: float | None) -> None:
    for array in draws(Family.POSITIVE_DEFINITE, 4, 4, condition=condition):
        np.testing.assert_array_equal(array, array.T)
        values = np.linalg.eigvalsh(array)
        assert values[0] > 0
        assert values[-1] / values[0] < (50 if condition is None else 210)


@pytest.mark.parametrize("shape", [(4, 4), (5, 2), (2, 5)])
def test_orthogonal(shape: tuple[int, int]) -> None:
    signs = set()
    for array in draws(Family.ORTHOGONAL, *shape):
        tall = array if shape[0] >= shape[1] else array.T
        np.testing.assert_allclose(tall.T @ tall, np.eye(min(shape)), atol=1e-14)
        if shape == (4, 4):
            signs.add(round(np.linalg.det(array)))
    assert signs in (set(), {-1, 1})


def test_diagonal_and_triangular() -> None:
    for family, keep in ((Family.DIAGONAL, lambda a: np.diag(np.diag(a))), (Family.LOWER_TRIANGULAR, np.tril),
                         (Family.UPPER_TRIANGULAR, np.triu)):  # fmt: skip
        for array in draws(family, 4, 4):
            np.testing.assert_array_equal(array, keep(array))


@pytest.mark.parametrize(("dtype", "least"), [("float32", 0.5), ("int64", 3)])
def test_triangular_diagonals_keep_away_from_zero(dtype: str, least: float) -> None:
    for array in draws(Family.LOWER_TRIANGULAR, 4, 4, dtype=dtype):
        assert np.abs(np.diag(array)).min() >= least
        assert np.abs(array).max() <= 9


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_invertible_is_well_conditioned(size: int, dtype: str) -> None:
    for array in draws(Family.INVERTIBLE, size, size, dtype=dtype):
        assert np.linalg.cond(array) <= WELL_CONDITIONED
        assert np.abs(array).max() <= 9


@pytest.mark.parametrize(
    ("condition", "dtype"), [(1.0, "float32"), (1e3, "float32"), (1e6, "float64"), (1e9, "float64")]
)
def test_a_condition_number_that_is_asked_for(condition: float, dtype: str) -> None:
    for array in draws(Family.INVERTIBLE, 4, 4, condition=condition, dtype=dtype):
        assert condition / 2 <= np.linalg.cond(array.astype(dtype)) <= 2 * condition
        assert np.abs(array).max() <= 2


@pytest.mark.parametrize("rank", [0, 1, 2, 3, None])
def test_low_rank_is_exact(rank: int | None) -> None:
    for array in draws(Family.LOW_RANK, 3, 5, rank=rank):
        assert exact_rank(array) == (2 if rank is None else rank)
        np.testing.assert_array_equal(array, np.round(array))


@pytest.mark.parametrize(
    ("matrix", "rank"),
    [([[0, 0]], 0), ([[1, 2], [2, 4]], 1), ([[0, 1], [1, 0]], 2), ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], 2)],
)
def test_exact_rank(matrix: list[list[int]], rank: int) -> None:
    assert exact_rank(np.array(matrix)) == rank


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (wanted(Family.SYMMETRIC, 2, 3), "`x` cannot be drawn: the family symmetric is square; its shape is [2, 3]"),
        (wanted(Family.LOW_RANK, 3), "the family low_rank needs two axes; its shape is [3]"),
        (wanted(Family.ONE_HOT), "the family one_hot needs an axis"),
        (wanted(Family.LOW_RANK, 2, 3, rank=3), "a matrix of shape [2, 3] has no rank 3"),
        (wanted(Family.DISTINCT, 30, dtype="int64"), "30 different integers are wanted of -9..9"),
        (wanted(Family.GENERAL, 2, dtype="int64", low=0.2, high=0.8), "its range 0.2..0.8 holds no integer"),
        (wanted(Family.GENERAL, 2, low=1.0, high=-1.0), "its range 1..-1 is empty"),
        (wanted(Family.INVERTIBLE, 2, 2, low=1.0, high=1.0), "no matrix with a condition number below 50"),
        (wanted(Family.INVERTIBLE, 5, 5, condition=1e12), "no float32 matrix has a condition number of 1e+12"),
    ],
)
def test_what_cannot_be_drawn(request_: Wanted, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        drawn(request_, generator("never"))
    assert sentence in caught.value.message
    assert caught.value.code == "draw-family"


def test_generators_differ_by_every_word() -> None:
    numbers = {tuple(generator(*words).random(2)) for words in itertools.product("ab", repeat=3)}
    assert len(numbers) == 8
    assert generator("a", "b").random() != generator("ab").random()


def test_numbers_are_the_same_for_ever() -> None:
    assert uniform(generator("golden"), -2, 2, (3,)).tolist() == [0.628173828125, 0.348388671875, -0.17431640625]
    double = [0.628213956952095, 0.34838826954364777, -0.17441098392009735]
    assert uniform(generator("golden"), -2, 2, (3,), "float64").tolist() == double
