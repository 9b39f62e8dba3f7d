"""What shape a formula has, as far as its text alone tells.

A shape is None where even its number of axes is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from torchgrade.errors import FormulaError
from torchgrade.formula.display import plain
from torchgrade.formula.functions import FUNCTIONS, bind
from torchgrade.formula.sizes import Shape, Size, broadcast, product
from torchgrade.formula.tree import (
    Attribute,
    Binary,
    Call,
    Compare,
    Conditional,
    Constant,
    Dots,
    Index,
    Name,
    Node,
    Number,
    Slice,
    Stack,
    Unary,
)

Bound: TypeAlias = Mapping[str, Node]
Rule: TypeAlias = Callable[["Extents", Bound], "Shape | None"]

_SAME: Final = (
    "exp expm1 log log2 log1p sqrt abs sign floor ceil round sin cos tan asin acos atan sinh cosh tanh sigmoid relu "
    "erf lgamma isnan isfinite real imag conj detach float int clamp softmax log_softmax sort argsort cumsum cumprod "
    "flip roll tril triu"
)
_TOGETHER: Final = "maximum minimum where cross"
_REDUCED: Final = "sum prod mean any all max min var std norm logsumexp argmax argmin"
_SCALARS: Final = (
    "trace numel upper_triangular lower_triangular orthonormal symmetric permutation sorted shares_memory same_object"
)


@dataclass(frozen=True, slots=True)
class Extents:
    """Shapes of names, and the `let` names whose shapes follow from them."""

    known: Mapping[str, Shape | None]
    lets: Mapping[str, Node]

    def of(self, node: Node | None) -> Shape | None:
        """The shape of a formula, or None."""
        match node:
            case Number():
                return ()
            case Constant(name):
                return None if name == "None" or "->" in name else ()
            case Name(name):
                return self.known[name] if name in self.known else self.of(self.lets.get(name))
            case Unary():
                return self.of(node.operand)
            case Binary():
                return self._binary(node)
            case Compare():
                return () if node.operator.startswith("is") else broadcast(self.of(node.left), self.of(node.right))
            case Conditional():
                then = self.of(node.then)
                return then if then == self.of(node.otherwise) else None
            case Stack():
                return self.stacked(node, 0)
            case Index():
                return _indexed(self.of(node.operand), node.items, self)
            case Attribute():
                return self._attribute(node)
            case Call():
                return self._call(node)
            case _:
                return None

    def _binary(self, node: Binary) -> Shape | None:
        if node.operator in {"and", "or"}:
            return ()
        left, right = self.of(node.left), self.of(node.right)
        return product(left, right) if node.operator == "@" else broadcast(left, right)

    def stacked(self, node: Node, axis: int | None) -> Shape | None:
        """The shape of a list's items, laid along a new axis."""
        if not isinstance(node, Stack) or not node.items or axis is None:
            return None
        shapes = [self.of(item) for item in node.items]
        first = shapes[0]
        if first is None or any(shape != first for shape in shapes) or not -len(first) - 1 <= axis <= len(first):
            return None
        axis %= len(first) + 1
        return (*first[:axis], len(node.items), *first[axis:])

    def _attribute(self, node: Attribute) -> Shape | None:
        shape = self.of(node.operand)
        match node.name:
            case "T" | "mT":
                return None if shape is None or len(shape) < 2 else (*shape[:-2], shape[-1], shape[-2])
            case "grad" | "after":
                return shape
            case "shape":
                return None if shape is None else (len(shape),)
            case _:
                return ()

    def _call(self, node: Call) -> Shape | None:
        try:
            bound = bind(FUNCTIONS[node.function], node)
        except FormulaError:
            return None
        rule = _RULES.get(node.function)
        return None if rule is None else rule(self, bound)


def _indexed(shape: Shape | None, items: tuple[Node, ...], extents: Extents) -> Shape | None:
    if shape is None:
        return None
    taken = sum(not isinstance(item, Dots) and item != Constant("None") for item in items)
    result: list[Size] = []
    left = list(shape)
    for item in items if Dots() in items else (*items, Dots()):
        if isinstance(item, Dots):
            rest = len(shape) - taken
            result, left = result + left[: max(rest, 0)], left[max(rest, 0) :]
        elif item == Constant("None"):
            result.append(1)
        elif not left or (not isinstance(item, Slice) and extents.of(item) != ()):
            return None
        else:
            size = left.pop(0)
            result += ([size if item == Slice(None, None, None) else None]) if isinstance(item, Slice) else []
    return tuple(result)


def _integer(node: Node) -> int | None:
    if isinstance(node, Unary) and node.operator == "-":
        inner = _integer(node.operand)
        return None if inner is None else -inner
    return int(node.value) if isinstance(node, Number) and node.is_integer else None


def size_of(node: Node) -> Size:
    """A size as it stands in a formula."""
    number = _integer(node)
    if number is not None:
        return number if number >= 0 else None
    return plain(node)


def _sizes(node: Node) -> Shape | None:
    if not isinstance(node, Stack) or any(isinstance(item, Call | Attribute | Stack) for item in node.items):
        return None
    return tuple(map(size_of, node.items))


def _reduced(extents: Extents, bound: Bound) -> Shape | None:
    shape, axis = extents.of(bound["input"]), _integer(bound["dim"])
    keep = bound["keepdim"] == Constant("True")
    if bound["dim"] == Constant("None"):
        return () if not keep else None if shape is None else (1,) * len(shape)
    if shape is None or axis is None or not -len(shape) <= axis < len(shape):
        return None
    axis %= len(shape)
    return (*shape[:axis], *((1,) if keep else ()), *shape[axis + 1 :])


def _transposed(extents: Extents, bound: Bound) -> Shape | None:
    shape, axes = extents.of(bound["input"]), (_integer(bound["dim0"]), _integer(bound["dim1"]))
    if shape is None or axes[0] is None or axes[1] is None or not all(-len(shape) <= a < len(shape) for a in axes if a):
        return None
    sizes = list(shape)
    if not sizes:
        return None
    sizes[axes[0]], sizes[axes[1]] = sizes[axes[1]], sizes[axes[0]]
    return tuple(sizes)


def _solved(extents: Extents, bound: Bound) -> Shape | None:
    matrix, right = extents.of(bound["A"]), extents.of(bound["B"])
    return right if right is not None and len(right) == 1 else product(matrix, right)


def _together_of(extents: Extents, bound: Bound) -> Shape | None:
    shape: Shape | None = ()
    for name in bound.keys() & {"condition", "input", "other"}:
        shape = broadcast(shape, extents.of(bound[name]))
    return shape


def _square(extents: Extents, bound: Bound) -> Shape | None:
    return (size_of(bound["n"]), size_of(bound["n"] if bound["m"] == Constant("None") else bound["m"]))


def _ranged(extents: Extents, bound: Bound) -> Shape | None:
    from_zero = bound["start"] == Number(Fraction(0)) and bound["step"] == Number(Fraction(1))
    return (size_of(bound["end"]) if from_zero else None,)


def _cat(extents: Extents, bound: Bound) -> Shape | None:
    tensors = bound["tensors"]
    shape = extents.of(tensors.items[0]) if isinstance(tensors, Stack) and tensors.items else None
    return None if shape is None else (None,) * len(shape)


def _diagonal_of(extents: Extents, bound: Bound) -> Shape | None:
    shape = extents.of(bound["input"])
    straight = bound["diagonal"] == Number(Fraction(0))
    if shape is None or len(shape) not in {1, 2}:
        return None
    return (None,) if len(shape) == 2 else (shape * 2 if straight else (None, None))


def _swapped(extents: Extents, bound: Bound) -> Shape | None:
    shape = extents.of(bound["A"])
    return None if shape is None or len(shape) < 2 else (*shape[:-2], shape[-1], shape[-2])


def _without_last(count: int, extra: Shape = ()) -> Rule:
    def rule(extents: Extents, bound: Bound) -> Shape | None:
        shape = extents.of(bound["A"])
        return None if shape is None or len(shape) < 2 else (*shape[:-count], *extra)

    return rule


def _like(name: str) -> Rule:
    return lambda extents, bound: extents.of(bound[name])


def _spread(name: str) -> Rule:
    return lambda extents, bound: _sizes(bound[name])


def _joined(first: Shape | None, second: Shape | None) -> Shape | None:
    return None if first is None or second is None else (*first, *second)


_RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(_SAME.split(), _like("input")),
    **dict.fromkeys(_TOGETHER.split(), _together_of),
    **dict.fromkeys(_REDUCED.split(), _reduced),
    **dict.fromkeys(_SCALARS.split(), lambda extents, bound: ()),
    **dict.fromkeys(("zeros", "ones", "full", "expand"), _spread("size")),
    **dict.fromkeys(("det", "rank", "cond"), _without_last(2)),
    **dict.fromkeys(("inv", "pinv"), _swapped),
    **dict.fromkeys(("cholesky", "low_rank"), _like("A")),
    "reshape": _spread("shape"),
    "eye": _square,
    "arange": _ranged,
    "linspace": lambda extents, bound: (size_of(bound["steps"]),),
    "transpose": _transposed,
    "stack": lambda extents, bound: extents.stacked(bound["tensors"], _integer(bound["dim"])),
    "cat": _cat,
    "gather": _like("index"),
    "diag": _diagonal_of,
    "outer": lambda extents, bound: _joined(extents.of(bound["input"]), extents.of(bound["vec2"])),
    "eigvalsh": _without_last(1),
    "svdvals": _without_last(2, (None,)),
    "solve": _solved,
    "grad": _like("x"),
    "vjp": _like("x"),
    "jvp": _like("f"),
    "jacobian": lambda extents, bound: _joined(extents.of(bound["f"]), extents.of(bound["x"])),
    "hessian": lambda extents, bound: _joined(extents.of(bound["x"]), extents.of(bound["x"])),
}
