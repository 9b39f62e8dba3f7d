"""`x[i, 1:, ..., None, mask, ints]`, as torch indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, Union

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.arrange import indices
from torchgrade.formula.catalogue import integer
from torchgrade.formula.exact import Array, Exact, Kind, array
from torchgrade.formula.reading import Frame
from torchgrade.formula.tree import Constant, Dots, Node, Slice
from torchgrade.model.said import said

_Item: TypeAlias = Union[int, slice, Array, None]


def indexed(frame: Frame, x: Exact, nodes: Sequence[Node]) -> Exact:
    """First what picks and cuts, then tensors of indices and masks: numpy would mix integers with the latter."""
    items = _spread(x, [_item(frame, node) for node in nodes])
    simple, tensors = _parted(items)
    try:
        data = np.asarray(x.data[tuple(simple)])
        if any(not isinstance(item, slice) for item in tensors):
            data = data[tuple(tensors)]
    except IndexError:
        raise FormulaError(
            said("this index does not fit shape {shape}", shape=str(list(x.shape))),
            code="formula-shape",
            start=nodes[0].start,
            end=nodes[-1].end,
        ) from None
    return array(x.kind, data)


def _item(frame: Frame, node: Node) -> _Item | Dots:
    if isinstance(node, Dots):
        return node
    if isinstance(node, Slice):
        lower, upper, step = (
            None if part is None else integer(frame, part) for part in (node.lower, node.upper, node.step)
        )
        if step is not None and step < 1:
            raise FormulaError("the step of a slice is positive", code="formula-arguments")
        return slice(lower, upper, step)
    if node == Constant("None"):
        return None
    found = frame.read(node)
    if found.kind is Kind.BOOL:
        return found.data
    places = indices(found, "an index")
    return int(places) if not places.ndim else places  # type: ignore[return-value]


def _consumed(item: _Item | Dots) -> int:
    """How many axes of the operand an item speaks of."""
    if item is None or isinstance(item, Dots):
        return 0
    return item.ndim if isinstance(item, np.ndarray) and item.dtype == bool else 1


def _spread(x: Exact, items: list[_Item | Dots]) -> list[_Item]:
    """The items with slices for `...` and for the axes not spoken of."""
    missing = x.data.ndim - sum(map(_consumed, items))
    if missing < 0:
        message = said("too many indices for shape {shape}", shape=str(list(x.shape)))
        raise FormulaError(message, code="formula-shape")
    if not any(isinstance(item, Dots) for item in items):
        items = [*items, Dots()]
    whole: list[_Item] = [slice(None)] * missing
    return [each for item in items for each in (whole if isinstance(item, Dots) else [item])]


def _parted(items: Sequence[_Item]) -> tuple[list[_Item], list[_Item]]:
    """What numpy does first (tensors as whole slices), and what remains for the axes that are left."""
    simple: list[_Item] = []
    tensors: list[_Item] = []
    for item in items:
        if isinstance(item, np.ndarray):
            simple += [slice(None)] * _consumed(item)
            tensors.append(item)
        else:
            simple.append(item)
            if not isinstance(item, int):
                tensors.append(slice(None))
    return simple, tensors
