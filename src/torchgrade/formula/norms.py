"""Norms of vectors and matrices, as torch.linalg.norm has them, and condition numbers."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.elementwise import absolute
from torchgrade.formula.exact import Exact, Kind, array
from torchgrade.formula.linear import inv, matrices
from torchgrade.formula.reading import Reading
from torchgrade.formula.reduce import Dims, axes_of, extreme, floats, total
from torchgrade.formula.spectrum import svdvals
from torchgrade.model.said import said

_INFINITY = Decimal("inf")


def norm(reading: Reading, x: Exact, p: Exact | None, dims: Dims, keepdim: bool) -> Exact:
    """Without p the root of the sum of squares; with p of a vector along one axis, of a matrix along two."""
    x = floats(reading, x)
    if p is None:
        return _euclidean(reading, x, dims, keepdim)
    order = Decimal(str(p.data.item()))
    axes = axes_of(x, dims)
    if len(axes) == 1:
        return _vector(reading, x, order, dims, keepdim)
    if len(axes) != 2:
        message = said("norm with ord needs one or two axes, not {count}", count=len(axes))
        raise FormulaError(message, code="formula-shape")
    result = matrix_norm(reading, array(x.kind, np.moveaxis(x.data, axes, (-2, -1))), order)
    return array(result.kind, np.expand_dims(result.data, axes)) if keepdim else result


def _euclidean(reading: Reading, x: Exact, dims: Dims, keepdim: bool) -> Exact:
    sizes = np.absolute(x.data) if x.kind is Kind.COMPLEX else x.data
    squares = total(reading, array(Kind.FLOAT, sizes * sizes), dims, keepdim)
    result = array(Kind.FLOAT, reading.field.unary["sqrt"](squares.data))
    reading.note_gap(result.data, Kind.FLOAT)
    return result


def _vector(reading: Reading, x: Exact, order: Decimal, dims: Dims, keepdim: bool) -> Exact:
    if order == 2:
        return _euclidean(reading, x, dims, keepdim)
    sizes = absolute(reading, x)
    if order.is_infinite():
        return extreme("max" if order > 0 else "min")(reading, sizes, dims, keepdim)
    if order == 0:
        ones = np.asarray(sizes.data != 0, dtype=bool).astype(int).astype(object)
        return floats(reading, total(reading, array(Kind.INT, ones), dims, keepdim))
    if order == 1:
        return total(reading, sizes, dims, keepdim)
    exponent = reading.field.number(str(order))
    powers = reading.field.power(sizes.data, np.asarray(exponent))
    sums = total(reading, array(Kind.FLOAT, powers), dims, keepdim)
    inverse = np.asarray(np.true_divide(reading.field.number("1"), exponent))
    return array(Kind.FLOAT, reading.field.power(sums.data, inverse))


def matrix_norm(reading: Reading, x: Exact, order: Decimal) -> Exact:
    """Over the last two axes: 1 and inf by sums, 2 by singular values; their negatives are the least instead."""
    pick = extreme("max" if order > 0 else "min")
    if abs(order) == 2:
        return pick(reading, svdvals(reading, x), (-1,), False)
    if abs(order) not in (1, _INFINITY):
        raise FormulaError(f"a matrix has no norm of order {order}", code="formula-arguments", hint="1, 2 or inf")
    axis = -2 if abs(order) == 1 else -1
    sums = total(reading, absolute(reading, x), (axis,), False)
    return pick(reading, sums, (-1,), False)


def cond(reading: Reading, x: Exact, p: Exact | None) -> Exact:
    """Greatest by least singular value; with p, by norms of the matrix and its inverse."""
    matrices("cond", x)
    order = Decimal(2) if p is None else Decimal(str(p.data.item()))
    if abs(order) == 2:
        values = svdvals(reading, x).data
        if not values.shape[-1]:
            raise FormulaError(said("{name} of no elements", name="cond"), code="formula-domain")
        top, bottom = (values[..., 0], values[..., -1]) if order > 0 else (values[..., -1], values[..., 0])
        return array(Kind.FLOAT, np.true_divide(top, bottom))
    own, inverse = (matrix_norm(reading, floats(reading, each), order).data for each in (x, inv(reading, x)))
    return array(Kind.FLOAT, own * inverse)
