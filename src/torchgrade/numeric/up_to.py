"""Answers that are right in more than one form: the observed array is turned into the form of the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

import numpy as np

from torchgrade.model.value import Tensor, Value
from torchgrade.numeric.arrays import Array, from_numpy, kind_of, to_floats, to_numpy

_RANK_CUT = 1e-6


class UpTo(StrEnum):
    """What two answers may differ in and still both be right.

    sign: the whole may be negated. column_sign: any column may be (a vector is one column). phase: any column may be
    turned by a complex number of modulus one. permutation: what lies along the first axis may come in any order.
    span: the columns may be any basis of the same space.
    """

    SIGN = "sign"
    COLUMN_SIGN = "column_sign"
    PHASE = "phase"
    PERMUTATION = "permutation"
    SPAN = "span"


def closest_form(observed: Value, expected: Value, up_to: UpTo) -> Value:
    """`observed` in the allowed form that is closest to `expected`; as it is, unless both are tensors of one shape."""
    if not isinstance(observed, Tensor) or not isinstance(expected, Tensor) or observed.shape != expected.shape:
        return observed
    if kind_of(observed.dtype) != kind_of(expected.dtype):
        return observed
    aligned = align(to_numpy(observed), to_numpy(expected), up_to)
    return replace(observed, data=from_numpy(aligned, observed.dtype).data)


def align(observed: Array, expected: Array, up_to: UpTo) -> Array:
    """The allowed form of `observed` that is closest to `expected`; both have the same shape."""
    if up_to is UpTo.PERMUTATION:
        return _permuted(observed, expected)
    found, right = to_floats(observed), to_floats(expected)
    if not (np.isfinite(found).all() and np.isfinite(right).all()):
        return observed
    return _FORMS[up_to](np.atleast_1d(found), np.atleast_1d(right)).reshape(observed.shape)


def _as_columns(array: Array) -> Array:
    return array[:, None] if array.ndim == 1 else array


def _sign(found: Array, right: Array) -> Array:
    return -found if np.vdot(right, found).real < 0 else found


def _column_sign(found: Array, right: Array) -> Array:
    product = np.sum(_as_columns(right).conj() * _as_columns(found), axis=-2, keepdims=True).real
    return (_as_columns(found) * np.where(product < 0, -1.0, 1.0)).reshape(found.shape)


def _phase(found: Array, right: Array) -> Array:
    product = np.sum(_as_columns(right) * _as_columns(found).conj(), axis=-2, keepdims=True)
    size = np.abs(product)
    turn = np.where(size > 0, product / np.where(size > 0, size, 1), 1)
    return (_as_columns(found) * turn).reshape(found.shape)


def _span(found: Array, right: Array) -> Array:
    """The truth's columns as seen from the observed basis: equal to the truth only if they lie in its span.

    Singular values below a millionth of the greatest count as zero, so that rounding noise spans nothing.
    """
    basis = _as_columns(found)
    return (basis @ (np.linalg.pinv(basis, rcond=_RANK_CUT) @ _as_columns(right))).reshape(found.shape)


def _permuted(observed: Array, expected: Array) -> Array:
    """The observed rows in the order of the truth: by rank where they are real numbers, else each to its nearest."""
    if observed.ndim == 1 and observed.dtype.kind != "c":
        ranks = np.argsort(np.argsort(expected, kind="stable"), kind="stable")
        return np.sort(observed)[ranks]
    left = list(range(len(observed))) if observed.ndim else []
    order: list[int] = []
    for row in expected if observed.ndim else ():
        distances = [float(np.max(np.abs(to_floats(observed[other]) - to_floats(row)), initial=0.0)) for other in left]
        order.append(left.pop(int(np.argmin(distances))))
    return observed[order] if observed.ndim else observed


_FORMS: Mapping[UpTo, Callable[[Array, Array], Array]] = {
    UpTo.SIGN: _sign,
    UpTo.COLUMN_SIGN: _column_sign,
    UpTo.PHASE: _phase,
    UpTo.SPAN: _span,
}
