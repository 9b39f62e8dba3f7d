"""Whether a property holds of what was observed. Its outermost comparison allows for rounding; nothing else does."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.arithmetic import refuse_complex
from torchgrade.formula.condition import conditions, magnitude
from torchgrade.formula.exact import Array, Exact, Kind, encode
from torchgrade.formula.frames import Scope, opened
from torchgrade.formula.interpret import truth
from torchgrade.formula.reading import Frame
from torchgrade.formula.scope import names
from torchgrade.formula.tree import Binary, Call, Compare, Conditional, Constant, Node, Number, Unary
from torchgrade.model.said import said
from torchgrade.model.value import Tensor

_DECIDING: Final = 0.1
"""The share of a given side up to which rounding may decide (NUMERICS, decision 1)."""
_HALF_EPS: Final = 1e-4
"""Half precisions have a greater eps, and are allowed fewer of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a property came out. `problem` says in a few words why it fails where there is no pair of numbers to show.

    `left` and `right` are the two sides of the comparison that decided; they differ most at `index`, by `difference`,
    where `allowed` is allowed. Not `decided`: so much is allowed that nothing could be told.
    """

    holds: bool
    decided: bool = True
    left: Tensor | None = None
    right: Tensor | None = None
    index: tuple[int, ...] = ()
    difference: float = 0.0
    allowed: float = 0.0
    problem: str = ""


def holds(node: Node, scope: Scope, eps: float, tolerance: float | None = None, computed: Collection[str] = ()) -> Held:
    """Judge a property. `tolerance` is relative to the scale and replaces the rule; results are `computed`.

    Where shapes or kinds of what was observed do not fit the formula, it does not hold, and `problem` says why.
    """
    try:
        with opened(scope, (node,)) as frame:
            frame.reading.eps = eps
            return _Judge(frame=frame, eps=eps, tolerance=tolerance, computed=computed).judge(node)
    except FormulaError as fault:
        if fault.code in ("formula-shape", "formula-kind", "formula-domain", "formula-not-a-number"):
            return Held(holds=False, problem=fault.message)
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """A property in a frame."""

    frame: Frame
    eps: float
    tolerance: float | None
    computed: Collection[str]

    def judge(self, node: Node) -> Held:
        """The parts of `and`, `or`, a choice and `all(…)` are judged like the whole."""
        match node:
            case Binary("and", left, right):
                first = self.judge(left)
                return self._both(first, self.judge(right)) if first.holds else first
            case Binary("or", left, right):
                first = self.judge(left)
                return first if first.holds else self.judge(right)
            case Conditional(condition, then, otherwise):
                return self.judge(then if truth(condition, self.frame) else otherwise)
            case Call("all", (Compare() as comparison,), ()):
                return self.judge(comparison)
            case Compare("==" | "<=" | ">="):
                return self._compared(node)
        return self._plain(node)

    def _both(self, first: Held, second: Held) -> Held:
        return second if not second.holds else replace(second, decided=first.decided and second.decided)

    def _plain(self, node: Node) -> Held:
        """Everything else is read exactly; tensors of bools must be true throughout."""
        found = self.frame.read(node)
        if found.kind is not Kind.BOOL:
            message = said("a property is a bool, not {kind}", kind=found.kind.word)
            raise FormulaError(message, code="formula-arguments")
        wrong = np.argwhere(~np.asarray(found.data, dtype=bool))
        if not len(wrong):
            return Held(holds=True)
        sides = self._sides(node)
        return replace(sides, holds=False, index=tuple(map(int, wrong[0])))

    def _sides(self, node: Node) -> Held:
        """Both sides of an exact comparison, to show."""
        inner = node.operand if isinstance(node, Unary) else node
        if not isinstance(inner, Compare) or inner.operator in ("is", "is not"):
            return Held(holds=False)
        left, right = self.frame.read(inner.left), self.frame.read(inner.right)
        return Held(holds=False, left=encode(left), right=encode(right))

    def _compared(self, node: Compare) -> Held:
        left, right = self.frame.read(node.left), self.frame.read(node.right)
        if node.operator == "==" and left.shape != right.shape and not _literal(node.left, node.right):
            return Held(
                holds=False,
                left=encode(left),
                right=encode(right),
                problem=said(
                    "the left side has shape {left}, the right side {right}",
                    left=str(list(left.shape)),
                    right=str(list(right.shape)),
                ),
            )
        if max(left.kind, right.kind) <= Kind.INT:
            return self._plain(node)
        if node.operator != "==":
            refuse_complex(node.operator, left, right)
        gap = self._gap(node)
        excess, values = gap(self.frame)
        scale = max(magnitude(left.data), magnitude(right.data))
        allowed = self._allowed(scale, lambda near: [gap(near)[1]], values)
        held = _verdict(left, right, excess, allowed)
        if held.holds and held.difference > 0 and allowed > _DECIDING * self._given(node):
            return replace(held, decided=False)
        return held

    def _given(self, node: Compare) -> float:
        """The size of the one side that no result has a part in; infinite if there is none, or it is zero.

        What the submission computed may be as great as it likes, and so may the rounding that it is allowed.
        """
        given = [side for side in (node.left, node.right) if names(side).isdisjoint(self.computed)]
        if len(given) != 1 or self.tolerance is not None:
            return math.inf
        return magnitude(self.frame.read(given[0]).data) or math.inf

    def _gap(self, node: Compare) -> Callable[[Frame], tuple[Array, Exact]]:
        """How far the comparison is from holding, elementwise, and the difference of its sides."""
        minus = Binary("-", node.left, node.right)
        sign = {"==": 0, "<=": 1, ">=": -1}[node.operator]

        def gap(frame: Frame) -> tuple[Array, Exact]:
            found = frame.read(minus)
            sizes = found.data * sign if sign else np.absolute(found.data)
            return np.asarray(sizes), found

        return gap

    def _allowed(self, scale: float, function: Callable[[Frame], list[Exact]], value: Exact) -> float:
        if self.tolerance is not None:
            return self.tolerance * (scale or 1.0)
        [condition] = conditions(function, self.frame, [value], computed=self.computed)
        return (4 if self.eps > _HALF_EPS else 64) * self.eps * (scale + condition)


def _literal(*sides: Node) -> bool:
    """Whether a side is a bare number, which goes with every shape."""
    bare = (side.operand if isinstance(side, Unary) else side for side in sides)
    return any(isinstance(side, Number | Constant) for side in bare)


def _verdict(left: Exact, right: Exact, excess: Array, allowed: float) -> Held:
    """NaN is never within what is allowed; equal infinities are."""
    if not excess.size:
        return Held(holds=True, left=encode(left), right=encode(right), allowed=allowed)
    same = np.broadcast_to(np.asarray(left.data == right.data, dtype=bool), excess.shape)
    gaps = np.array([float(item) for item in excess.ravel().tolist()]).reshape(excess.shape)
    gaps[same] = np.minimum(gaps[same], 0.0) if not np.isnan(gaps[same]).any() else 0.0
    shown = np.where(np.isnan(gaps), math.inf, gaps)
    index = np.unravel_index(int(np.argmax(shown)), shown.shape)
    return Held(
        holds=bool(np.all(gaps <= allowed)),
        decided=math.isfinite(allowed),
        left=encode(left),
        right=encode(right),
        index=tuple(map(int, index)),
        difference=max(0.0, float(shown[index])),
        allowed=allowed,
    )
