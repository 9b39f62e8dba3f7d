"""Laws of comparison, on arrays that nobody chose."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from torchgrade.model.finding import Stage
from torchgrade.model.target import Target
from torchgrade.numeric.arrays import Array, from_numpy, magnitude, to_numpy
from torchgrade.numeric.compare import compare, same

SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
FLOATS = arrays.arrays(np.float64, SHAPES)
FINITE = arrays.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6))
WHOLE = arrays.arrays(np.int64, SHAPES)


def target(array: Array) -> Target:
    return Target(value=from_numpy(array), scale=magnitude(array))


@given(FLOATS | WHOLE)
def test_every_value_equals_itself(array: Array) -> None:
    assert compare(from_numpy(array), target(array), None, "float64").stage is Stage.EQUAL
    assert same(from_numpy(array), from_numpy(array), "float64")


@given(FINITE, st.data())
def test_mismatches_are_symmetric(array: Array, data: st.DataObject) -> None:
    other = data.draw(arrays.arrays(np.float64, array.shape, elements=st.floats(-1e6, 1e6)))
    scale = max(magnitude(array), magnitude(other))
    there = compare(from_numpy(other), Target(value=from_numpy(array), scale=scale), None, "float32")
    back = compare(from_numpy(array), Target(value=from_numpy(other), scale=scale), None, "float32")
    assert (there.stage, there.mismatched, there.difference) == (back.stage, back.mismatched, back.difference)


@given(FINITE, st.data(), st.floats(1e-12, 0.05), st.floats(1, 2))
def test_a_looser_tolerance_never_finds_more(array: Array, data: st.DataObject, tight: float, factor: float) -> None:
    other = array + data.draw(arrays.arrays(np.float64, array.shape, elements=st.floats(-0.1, 0.1)))
    strict = compare(from_numpy(other), target(array), None, "float64", tight)
    loose = compare(from_numpy(other), target(array), None, "float64", tight * factor)
    assert loose.mismatched <= strict.mismatched


@given(FINITE.filter(lambda array: array.size > 0), st.data(), st.sampled_from([np.nan, np.inf, -np.inf]))
def test_nan_and_infinity_are_never_finite(array: Array, data: st.DataObject, astray: float) -> None:
    other = array.copy()
    other.flat[data.draw(st.integers(0, array.size - 1))] = astray
    for left, right in ((array, other), (other, array)):
        comparison = compare(from_numpy(left), target(right), None, "float64", 1e300)
        assert (comparison.stage, comparison.mismatched) == (Stage.MASK, 1)


@given(WHOLE.filter(lambda array: array.size > 0), st.data())
def test_whole_numbers_are_exact(array: Array, data: st.DataObject) -> None:
    other = array.copy()
    place = data.draw(st.integers(0, array.size - 1))
    other.flat[place] ^= 1
    comparison = compare(from_numpy(other), target(array), None, "float32", 0.1)
    assert (comparison.stage, comparison.mismatched, comparison.difference) == (Stage.NUMBERS, 1, 1.0)
    assert np.ravel_multi_index(comparison.index, array.shape) == place if array.ndim else comparison.index == ()


@given(FLOATS, SHAPES)
def test_nothing_is_broadcast(array: Array, shape: tuple[int, ...]) -> None:
    comparison = compare(from_numpy(np.zeros(shape)), target(array), None, "float64", 0.1)
    assert (comparison.stage is Stage.SHAPE) == (shape != array.shape)


@given(FLOATS, st.sampled_from(["float32", "float64", "bfloat16", "float16"]))
def test_tensors_survive_the_way_to_numpy_and_back(array: Array, dtype: str) -> None:
    tensor = from_numpy(array, dtype)
    assert from_numpy(to_numpy(tensor), dtype).shape == array.shape
    np.testing.assert_array_equal(to_numpy(from_numpy(to_numpy(tensor), dtype)), to_numpy(tensor))
