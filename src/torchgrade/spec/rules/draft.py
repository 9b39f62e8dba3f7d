"""An exercise beside the file it was built from: what rules look at, and how they point."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from torchgrade.errors import FormulaError
from torchgrade.formula import parse, scope
from torchgrade.formula.tree import Name, Node
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Exercise, Spec, Type
from torchgrade.spec.document import Document, Mark, Route, inner
from torchgrade.spec.offsets import locate

OUTCOME = re.compile(r"([^.\s]+)\.(grad|after)")
FLOATING = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128", "float", "complex")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An exercise under examination. Routes are those of the Exercise; bare forms are seen through."""

    document: Document
    exercise: Exercise

    def route(self, *parts: str | int) -> Route:
        """The part of the file that says a part of the Exercise: what a bare form leaves out is left out."""
        data = self.document.data
        found: list[str | int] = []
        for part in parts:
            try:
                data = inner(data, part)
            except LookupError:
                continue
            found.append(part)
        return tuple(found)

    def fault(self, code: str, message: str, *parts: str | int, key: bool = False, hint: str = "") -> Diagnostic:
        """A Diagnostic at a part of the Exercise."""
        return self.document.fault(code, message, self.route(*parts), key=key, hint=hint)

    def within(self, fault: FormulaError, route: Route, base: int = 0) -> Diagnostic:
        """A Diagnostic at a stretch of the text at a route, which begins at `base` in it."""
        mark = self.stretch(route, base + fault.start, base + max(fault.end, fault.start + 1))
        return self.document.page.fault(fault.code, fault.message, mark, hint=fault.hint)

    def stretch(self, route: Route, start: int, end: int) -> Mark:
        """The mark of a part of the text at a route."""
        mark, data = self.document.place(route), self.document.at(route)
        return locate(self.document.page, mark, data, start, end) if isinstance(data, str) else mark

    @cached_property
    def specs(self) -> tuple[tuple[Route, str, Spec], ...]:
        """Every Spec of a parameter, those of cases included: its route, the parameter, the Spec."""
        found: list[tuple[Route, str, Spec]] = [
            (("parameters", name), name, spec) for name, spec in self.exercise.parameters.items()
        ]
        for index, group in enumerate(self.exercise.cases):
            found += [(("cases", index, "parameters", name), name, spec) for name, spec in group.parameters.items()]
        return tuple(found)

    @cached_property
    def integers(self) -> frozenset[str]:
        """Parameters that are integers, which count as sizes."""
        return frozenset(name for name, spec in self.exercise.parameters.items() if spec.type is Type.INT)

    @cached_property
    def sizes(self) -> frozenset[str]:
        """Names that stand for sizes: declared, or used in the shape of a parameter."""
        used = {name for _, _, spec in self.specs for size in spec.shape or () for name in free_names(size)}
        return frozenset(used - set(self.exercise.parameters) | set(self.exercise.dims))

    @cached_property
    def lets(self) -> Mapping[str, Node]:
        """The formulas of `let` that can be read."""
        parsed = {name: read(formula) for name, formula in self.exercise.let.items()}
        return {name: node for name, node in parsed.items() if node is not None}

    @cached_property
    def lets_about_results(self) -> frozenset[str]:
        """Names of `let` that need a result, and so mean nothing where there is none yet."""
        found: set[str] = set()
        only = set(self.exercise.returns) - set(self.exercise.parameters) - self.sizes
        while more := {name for name, node in self.lets.items() if scope.names(node) & (only | found)} - found:
            found |= more
        return frozenset(found)

    @cached_property
    def given(self) -> tuple[str, ...]:
        """What every formula may speak of."""
        lets = [name for name in self.exercise.let if name not in self.lets_about_results]
        return tuple(dict.fromkeys((*self.exercise.parameters, *sorted(self.sizes), *lets)))

    @cached_property
    def observed(self) -> tuple[str, ...]:
        """What a formula over results may speak of."""
        return tuple(dict.fromkeys((*self.given, *self.exercise.returns, *self.exercise.let)))

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome there can be."""
        tensors = [name for name, spec in self.exercise.parameters.items() if spec.type in (None, Type.TENSOR)]
        return (*self.exercise.returns, *(f"{name}.{what}" for name in tensors for what in ("grad", "after")))

    @cached_property
    def floating(self) -> tuple[str, ...]:
        """Parameters that can be differentiated in."""
        return tuple(
            name
            for name, spec in self.exercise.parameters.items()
            if spec.type in (None, Type.TENSOR) and (not spec.dtype or set(spec.dtype) & set(FLOATING))
        )


def read(text: str) -> Node | None:
    """A formula, if it can be read."""
    try:
        return parse.parse(text)
    except FormulaError:
        return None


def free_names(text: str) -> frozenset[str]:
    """The names in a formula, if it can be read."""
    node = read(text) if text.strip() != "..." else None
    return scope.names(node) if node is not None else frozenset()


def is_name(text: str) -> bool:
    """True for a formula that is one name."""
    return isinstance(read(text), Name)


def listed(names: Collection[str] | Iterator[str]) -> str:
    """Names for a message."""
    return ", ".join(names) or "none"
