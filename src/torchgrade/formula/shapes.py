"""Faults of shape that are sure without any values: said by `validate`, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from torchgrade.errors import FormulaError
from torchgrade.formula.display import plain
from torchgrade.formula.extents import Extents, size_of
from torchgrade.formula.functions import FUNCTIONS
from torchgrade.formula.parse import parse
from torchgrade.formula.sizes import Shape, broadcast, product
from torchgrade.formula.tree import Attribute, Binary, Call, Compare, Constant, Node
from torchgrade.formula.walk import walk
from torchgrade.model.exercise import Exercise, Spec, Type

_NUMBERS = frozenset({Type.INT, Type.FLOAT, Type.BOOL, Type.SYMBOL, Type.EXPRESSION})


def named(exercise: Exercise) -> Mapping[str, Shape | None]:
    """The shapes of an exercise's parameters, dims and results, as far as its Specs say them."""
    fixed = {name: parse(each.low) for name, each in exercise.dims.items() if parse(each.low) == parse(each.high)}
    shapes = {name: _declared(spec, fixed) for name, spec in (*exercise.returns.items(), *exercise.parameters.items())}
    sizes = {size for spec in exercise.parameters.values() for size in spec.shape or ()}
    return {**dict.fromkeys((*exercise.dims, *sizes), ()), **shapes}


def _declared(spec: Spec, fixed: Mapping[str, Node]) -> Shape | None:
    if spec.type in _NUMBERS:
        return ()
    if spec.type is Type.SHAPE or spec.shape is None or "..." in spec.shape:
        return None
    return tuple(size_of(fixed.get(size, parse(size))) for size in map(str.strip, spec.shape))


def faults(node: Node, shapes: Mapping[str, Shape | None], lets: Mapping[str, Node]) -> tuple[FormulaError, ...]:
    """What surely cannot be computed: derivatives of tensors that must be of numbers, and shapes that never fit."""
    extents = Extents(shapes, lets)
    found = [fault for each in walk(node) for fault in _faults(each, extents)]
    return tuple(sorted(found, key=lambda fault: fault.start))


def _faults(node: Node, extents: Extents) -> Iterator[FormulaError]:
    match node:
        case Call("grad" | "hessian", (f, x)):
            shape = extents.of(f)
            if shape and any(size != 1 for size in shape):
                message = f"{node.function} needs a number, but {plain(f)} has shape {_shown(shape)}"
                hint = f"write {node.function}(sum({plain(f)}), {plain(x)})"
                more = f", or jacobian({plain(f)}, {plain(x)}) for every derivative"
                yield _fault(f, message, hint + (more if node.function == "grad" else ""))
        case Binary("@"):
            yield from _product_faults(node, extents)
        case Binary() | Compare() if node.operator not in {"and", "or", "is", "is not"}:
            sides = extents.of(node.left), extents.of(node.right)
            if None not in sides and broadcast(*sides) is None:
                yield _fault(node, f"{_pair(node, sides)}; sizes side by side must be equal or 1", _kept(node))


def _product_faults(node: Binary, extents: Extents) -> Iterator[FormulaError]:
    sides = left, right = extents.of(node.left), extents.of(node.right)
    if left is None or right is None or product(left, right) is not None:
        return
    if () in sides:
        yield _fault(node, f"{_pair(node, sides)}; @ is for tensors", "write * to multiply by a number")
        return
    turned = (Attribute(node.left, "T"), node.right), (node.left, Attribute(node.right, "T"))
    fitting = [Binary("@", *pair) for pair in turned if product(*map(extents.of, pair)) is not None]
    yield _fault(
        node,
        f"{_pair(node, sides)}; the last size of the first must be the first but one of the second",
        " or ".join(f"{'write ' if not i else ''}{plain(each)}" for i, each in enumerate(fitting)),
    )


def _kept(node: Binary | Compare) -> str:
    """A hint where a reduction has lost the axis along which it would line up."""
    for side in (node.left, node.right):
        named = dict(side.keywords) if isinstance(side, Call) else {}
        if isinstance(side, Call) and "keepdim" not in named and FUNCTIONS[side.function].parameter("keepdim"):
            return f"write {plain(replace(side, keywords=(*side.keywords, ('keepdim', Constant('True')))))}"
    return ""


def _pair(node: Binary | Compare, sides: tuple[Shape | None, Shape | None]) -> str:
    shown = " and ".join(
        f"{plain(each)} has shape {_shown(shape or ())}"
        for each, shape in zip((node.left, node.right), sides, strict=True)
    )
    return f"{plain(node)}: {shown}"


def _shown(shape: Shape) -> str:
    return f"[{', '.join('?' if size is None else str(size) for size in shape)}]"


def _fault(node: Node, message: str, hint: str = "") -> FormulaError:
    return FormulaError(message, code="formula-shape", start=node.start, end=node.end, hint=hint)
