"""The formula language's own small tree; nothing in it can be run by Python.

Every node knows where it stands in its text (`start`, `end`: character offsets), which plays no part in equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias, Union


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A place in the formula's text."""

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Located):
    """An exact number: `0.1` is one tenth. `is_integer` as it was written (`2`, not `2.0`); `is_imaginary` for `2j`."""

    value: Fraction
    is_integer: bool = True
    is_imaginary: bool = False


@dataclass(frozen=True, slots=True)
class Constant(Located):
    """True, False, None, pi, e, inf or nan."""

    name: str


@dataclass(frozen=True, slots=True)
class Name(Located):
    """A parameter, dim, result, `let` name or `grad_output`."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary(Located):
    """`-x`, `+x`, `~x` or `not x`; `operator` is that word."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Located):
    """`+ - * / // % ** @ & | ^ and or`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Located):
    """Two sides: `== != < <= > >= is` and `is not` (the last two only against None)."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional(Located):
    """`then if condition else otherwise`, for a condition that is one bool."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Stack(Located):
    """`[a, b]`: its items, of one shape, stacked along a new first axis."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Slice(Located):
    """`start:stop:step` inside an index; the step is positive."""

    lower: Node | None
    upper: Node | None
    step: Node | None


@dataclass(frozen=True, slots=True)
class Dots(Located):
    """`...` inside an index."""


@dataclass(frozen=True, slots=True)
class Index(Located):
    """`x[i, 1:, ..., None, mask, ints]`: items are Slice, Dots, Constant None, or a number or array formula."""

    operand: Node
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Attribute(Located):
    """`.T .mT .shape .ndim`, or of what was observed `.grad .after .requires_grad .is_leaf .is_contiguous`."""

    operand: Node
    name: str


@dataclass(frozen=True, slots=True)
class Call(Located):
    """A function of the language; `arguments` by position, `keywords` by name."""

    function: str
    arguments: tuple[Node, ...]
    keywords: tuple[tuple[str, Node], ...] = ()


Node: TypeAlias = Union[
    Number, Constant, Name, Unary, Binary, Compare, Conditional, Stack, Slice, Dots, Index, Attribute, Call
]
