"""Whether a formula is linear in some names: only then its derivative in them says nothing of their values.

What is not known to be linear counts as not linear: a function is added here once its derivative was thought about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from torchgrade.errors import FormulaError
from torchgrade.formula.functions import FUNCTIONS, bind
from torchgrade.formula.parse import parse
from torchgrade.formula.tree import Attribute, Binary, Call, Conditional, Index, Name, Node, Stack, Unary
from torchgrade.formula.walk import children, walk

_ROWS: Final[Mapping[str, str]] = {
    "sum mean cumsum trace real imag conj float": "input",
    "flip roll reshape permute transpose expand gather windows diag diagonal tril triu": "input",
    "stack cat": "tensors",
    "where": "input other",
    "solve": "B",
}
LINEAR: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(parameters.split()) for names, parameters in _ROWS.items() for name in names.split()
}
"""Functions that are linear in these of their parameters together, whatever the others are."""

PRODUCTS: Final[Mapping[str, frozenset[str]]] = {
    "einsum": frozenset({"operands"}),
    **{name: frozenset({"input", other}) for name, other in (("outer", "vec2"), ("kron", "other"), ("cross", "other"))},
}
"""Functions that are linear in each of these factors, and so in one at a time."""

_ALLOWED: Final = "linear are + and -, sum, mean, trace, parts such as y[0], and products with what is no result"


def fault(formula: str, results: Collection[str], lets: Mapping[str, Node]) -> FormulaError | None:
    """What is wrong with the gradient of a formula over results: its derivative in them is to be free of them.

    Raises FormulaError if the formula, or one of `lets` in it, cannot be read.
    """
    asked = _Question(reached=_reached(results, lets), lets=lets)
    found = asked.bend(parse(formula))
    if found is None:
        return None
    about = [f"`{name}`" for name in sorted(asked.results(found))]
    return FormulaError(
        f"`{formula[found.start : found.end]}` is not linear in {' and '.join(about)}: "
        "measuring its gradient would tell every submission the right answer",
        code="gradient-nonlinear",
        start=found.start,
        end=found.end,
        hint=f"return it as a result of its own, or check the gradient of {' or '.join(about)} by itself; {_ALLOWED}",
    )


def results_of(formula: str, results: Collection[str], lets: Mapping[str, Node]) -> frozenset[str]:
    """The results that a formula needs, also through `lets`."""
    return _united(_named(parse(formula)), _reached(results, lets))


def _reached(results: Collection[str], lets: Mapping[str, Node]) -> Mapping[str, frozenset[str]]:
    """Which results a name stands for: a result for itself, a `let` for all that it needs."""
    found = {name: frozenset({name}) for name in results}
    needs = {name: _named(node) for name, node in lets.items() if name not in found}
    while more := {name: union for name, each in needs.items() if (union := _united(each, found)) != found.get(name)}:
        found |= more
    return {name: each for name, each in found.items() if each}


def _named(node: Node) -> frozenset[str]:
    """Every name that is read somewhere, even where `at` gives it another value."""
    return frozenset(each.name for each in walk(node) if isinstance(each, Name))


def _united(names: Iterable[str], found: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*(found.get(name, frozenset()) for name in names))


@dataclass(frozen=True, kw_only=True)
class _Question:
    """The names that count (`reached`: with the results behind each) and what became of each `let` so far."""

    reached: Mapping[str, frozenset[str]]
    lets: Mapping[str, Node]
    bent: dict[str, bool] = field(default_factory=dict)

    def results(self, node: Node) -> frozenset[str]:
        """The results that a formula needs."""
        return _united(_named(node), self.reached)

    def bend(self, node: Node) -> Node | None:
        """The first part, from the inside out, that is not linear; None if all is."""
        if not self.results(node):
            return None
        if isinstance(node, Name):
            return node if self._is_bent(node.name) else None
        parts = self._summands(node)
        if parts is None:
            return next((found for each in children(node) if (found := self.bend(each))), node)
        return next((found for each in parts if (found := self.bend(each))), None)

    def _is_bent(self, name: str) -> bool:
        """Whether a name is a `let` that is not linear; one that needs itself is not."""
        if name in self.lets and name not in self.bent:
            self.bent[name] = True
            self.bent[name] = self.bend(self.lets[name]) is not None
        return self.bent.get(name, False)

    def _summands(self, node: Node) -> Iterable[Node] | None:
        """The nodes below in which a node is linear together, if no result is anywhere else."""
        match node:
            case Unary("+" | "-") | Attribute(name="T" | "mT"):
                return (node.operand,)
            case Binary("+" | "-"):
                return (node.left, node.right)
            case Binary("*" | "@"):
                return self._factor((node.left, node.right))
            case Binary("/"):
                return self._alone((node.left,), (node.right,))
            case Stack():
                return node.items
            case Index():
                return self._alone((node.operand,), node.items)
            case Conditional():
                return self._alone((node.then, node.otherwise), (node.condition,))
            case Call():
                return self._arguments(node)
            case _:
                return None

    def _arguments(self, call: Call) -> Iterable[Node] | None:
        linear, factors = LINEAR.get(call.function, frozenset()), PRODUCTS.get(call.function, frozenset())
        if not linear and not factors:
            return None
        named = bind(FUNCTIONS[call.function], call)
        inside = [node for name, node in named.items() if name in linear | factors]
        if factors:
            inside = [item for node in inside for item in (node.items if isinstance(node, Stack) else (node,))]
            return self._factor(inside)
        return self._alone(inside, [node for name, node in named.items() if name not in linear])

    def _factor(self, factors: Iterable[Node]) -> Iterable[Node] | None:
        """The one factor with results."""
        found = [each for each in factors if self.results(each)]
        return found if len(found) < 2 else None

    def _alone(self, inside: Iterable[Node], outside: Iterable[Node]) -> Iterable[Node] | None:
        return None if any(map(self.results, outside)) else inside
