"""How far inputs are from a kink of a formula: where comparisons turn, maxima tie, absolute values bend."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np

from torchgrade.formula.exact import Array, Exact, Kind, objects
from torchgrade.formula.frames import Scope, opened
from torchgrade.formula.reading import Frame
from torchgrade.formula.tree import Node

_NUDGE = Decimal("1e-40")


def distance_to_kink(node: Node, scope: Scope) -> float:
    """The least distance to a kink that is met while a formula is read; infinite if there is none.

    A distance that stays the same when all inputs move a little (as between an element and itself) is no kink.
    """
    with opened(scope, (node,), order=1) as frame:
        here, there = _gaps(node, frame), _gaps(node, _nudged(frame))
        if [gap.shape for gap in here] != [gap.shape for gap in there]:
            there = [gap + 1 for gap in here]
        pairs = [pair for first, second in zip(here, there, strict=True) for pair in _pairs(first, second)]
        return min((abs(float(first)) for first, second in pairs if _moves(first, second)), default=math.inf)


def _gaps(node: Node, frame: Frame) -> list[Array]:
    found: list[Array] = []
    frame.reading.gaps = found
    frame.read(node)
    frame.reading.gaps = None
    return found


def _pairs(first: Array, second: Array) -> list[tuple[Decimal, Decimal]]:
    return list(zip(first.ravel().tolist(), second.ravel().tolist(), strict=True))


def _moves(first: Decimal, second: Decimal) -> bool:
    return first == first and first != second


def _nudged(frame: Frame) -> Frame:
    """Every floating element moves by an amount of its own."""
    values = dict(frame.values)
    place = 1
    for name, x in frame.values.items():
        if x.kind is Kind.FLOAT:
            moves = [_NUDGE * ((place + each) * (place + each) + 7) for each in range(x.data.size)]
            values[name] = Exact(x.kind, np.asarray(x.data + objects(moves, x.shape), dtype=object))
            place += x.data.size
    return Frame(reading=frame.reading, values=values)
