"""One reading of a formula, and the frames in which its names have values.

A derivative reads its formula in frames that are shifted a little; each remembers the frame at its base, where `detach`
stays.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from torchgrade.errors import FormulaError
from torchgrade.formula.exact import Array, Exact, Kind
from torchgrade.formula.field import EXACT, Field
from torchgrade.formula.scope import derivative_order
from torchgrade.formula.tree import Name, Node
from torchgrade.model.said import said
from torchgrade.model.value import Value

WORK = 20_000_000
LARGEST = 1_000_000


def room(shape: Iterable[int]) -> int:
    """How many elements there are, an empty axis counted as one: a sum over it brings back all the others."""
    return math.prod(max(1, size) for size in shape)


Reader: TypeAlias = Callable[[Node, "Frame"], Exact]
Bound: TypeAlias = Callable[["Frame"], Exact]


@dataclass(slots=True, kw_only=True)
class Reading:
    """What all frames of one reading share: the field, the names' formulas, and what is noted on the way.

    `step` is the step of differences, `eps` what predicates allow (0: nothing). `gaps`, if not None, collects the
    distances to every kink that is met, and `systems` (4 n kappa, |x|) of every linear system that is solved.
    """

    reader: Reader
    lets: Mapping[str, Node] = dataclasses.field(default_factory=dict)
    observed: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    field: Field = EXACT
    step: Decimal = Decimal("1e-30")
    eps: float = 0.0
    work: int = WORK
    gaps: list[Array] | None = None
    systems: list[tuple[float, float]] | None = None
    constants: dict[int, Exact] = dataclasses.field(default_factory=dict)
    calls: dict[int, Bound] = dataclasses.field(default_factory=dict)

    def spend(self, operations: int) -> None:
        """Count operations on elements, before they are done; raises FormulaError where there are too many."""
        self.work -= operations
        if self.work < 0:
            raise FormulaError(
                said("this formula takes too much work"), code="formula-too-large", hint="use smaller dims"
            )

    def renewed(self, field: Field, step: Decimal) -> Reading:
        """A reading of the same formulas in another field, or by another step; what was noted is not taken along."""
        return replace(self, field=field, step=step, gaps=None, systems=None, constants={}, calls={})

    def note_gap(self, distance: Array, kind: Kind) -> None:
        """Remember how far from a kink these elements are (signed)."""
        if self.gaps is not None and kind is Kind.FLOAT:
            self.gaps.append(np.asarray(distance))


@dataclass(slots=True, kw_only=True)
class Frame:
    """Names and their values; `base` is the frame without any shift (None: this one)."""

    reading: Reading
    values: Mapping[str, Exact]
    base: Frame | None = None
    memo: dict[str, Exact] = dataclasses.field(default_factory=dict)
    detached: dict[int, Exact] = dataclasses.field(default_factory=dict)

    def read(self, node: Node) -> Exact:
        """What a node is worth here."""
        return self.reading.reader(node, self)

    def lookup(self, node: Name) -> Exact:
        """A variable, or a let, which is read once in each frame."""
        name = node.name
        if name in self.values:
            return self.values[name]
        if name not in self.memo:
            if name not in self.reading.lets:
                message = said("{name} has no value here", name=name)
                raise FormulaError(message, code="formula-unknown-name", start=node.start, end=node.end)
            try:
                self.memo[name] = self.read(self.reading.lets[name])
            except RecursionError:
                raise FormulaError(f"{name} is defined by itself", code="formula-unknown-name") from None
            except FormulaError as fault:
                # Its place is one in the let's own text.
                message = said("{name}: {why}", name=name, why=fault.message)
                place = {"start": node.start, "end": node.end}
                raise FormulaError(message, code=fault.code, hint=fault.hint, **place) from None
        return self.memo[name]

    def rooted(self) -> Frame:
        """The frame at the base of all shifts."""
        return self.base or self

    def where(self, changes: Mapping[str, Exact]) -> Frame:
        """A frame in which some names have other values, at its base as well."""
        return Frame(reading=self.reading, values={**self.values, **changes})

    def shifted(self, direction: Mapping[str, Array], step: Decimal) -> Frame:
        """A frame a step away: each name of `direction` moves by step * direction; `detach` stays behind."""
        values = dict(self.values)
        for name, vector in direction.items():
            values[name] = Exact(Kind.FLOAT, np.asarray(self.lookup(Name(name)).data + vector * step))
        return Frame(reading=self.reading, values=values, base=self.rooted())


DIGITS = 60
STEP_DIGITS = 30
_EXPONENTS = 340


def planned(
    reading: Reading, values: Mapping[str, Exact], formulas: Iterable[Node], order: int = 0
) -> tuple[Reading, int]:
    """The reading with a step that suits the values, and how many digits it needs for `order` more derivatives.

    The step is 1e-30 of the smallest number there is, and each derivative takes the digits that its difference costs.
    """
    sizes = [number.adjusted() for x in values.values() if x.kind is Kind.FLOAT for number in x.data.ravel() if number]
    sizes = [max(-_EXPONENTS, min(_EXPONENTS, size)) for size in sizes]
    small, large = max(0, -min(sizes, default=0)), max(0, *sizes, 0)
    depth = order + max((derivative_order(node, reading.lets) for node in formulas), default=0)
    digits = DIGITS + depth * (STEP_DIGITS + small + large)
    return reading.renewed(EXACT, Decimal(1).scaleb(-STEP_DIGITS - small)), digits
