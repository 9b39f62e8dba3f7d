"""The truth of a formula: read with 60 digits or more, and rounded once. The room's front door for what is computed."""

from __future__ import annotations

from torchgrade.formula.condition import NOISE, conditions, target_of
from torchgrade.formula.exact import Exact, encode
from torchgrade.formula.frames import Scope, opened, scope_of
from torchgrade.formula.gradient import declared_gradient, gradient_targets
from torchgrade.formula.kinks import distance_to_kink
from torchgrade.formula.properties import Held, holds
from torchgrade.formula.scope import derivative_order
from torchgrade.formula.tree import Node
from torchgrade.model.target import Target
from torchgrade.model.value import Tensor

__all__ = [
    "Exact",
    "Held",
    "Scope",
    "declared_gradient",
    "distance_to_kink",
    "evaluate",
    "gradient_targets",
    "holds",
    "scope_of",
    "target",
]


def evaluate(node: Node, scope: Scope) -> Tensor:
    """The exact value, rounded once: float64, complex128, int64 or bool."""
    with opened(scope, (node,)) as frame:
        return encode(frame.read(node))


def target(node: Node, scope: Scope) -> Target:
    """The exact value, and how far a right answer may be off."""
    with opened(scope, (node,)) as frame:
        reading = frame.reading
        systems: list[tuple[float, float]] = []
        reading.systems = systems
        value = frame.read(node)
        reading.systems = None
        [condition] = conditions(lambda near: [near.read(node)], frame, [value])
        noise = NOISE if derivative_order(node, scope.lets) else 0.0
        return target_of(value, condition, systems, noise=noise)
