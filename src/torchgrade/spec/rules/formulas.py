"""Every formula of a file: it can be read, and it speaks of what exists where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from torchgrade.errors import FormulaError
from torchgrade.formula import parse, scope, shapes, walk
from torchgrade.formula.tree import Attribute, Call, Node
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Literal, Range, Type
from torchgrade.spec.document import Route
from torchgrade.spec.forms import ends
from torchgrade.spec.rules.draft import OUTCOME, Draft, is_name, read

TEXT_TYPES = (Type.STR, Type.SYMBOL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A formula where it stands: `base` characters into the text at its route.

    `known` are the names it may use; `observes` that it may look at what was left behind; `computes` that its
    shapes must fit.
    """

    route: Route
    text: str
    known: Collection[str]
    base: int = 0
    observes: bool = False
    computes: bool = False


def check(draft: Draft) -> Iterator[Diagnostic]:
    """Faults of syntax, names and arguments; of shapes where there are none of those."""
    found = [fault for written in every(draft) for fault in _faults(draft, written)]
    found += _circular(draft)
    yield from found
    if not found:
        known = shapes.named(draft.exercise)
        for written in filter(lambda each: each.computes, every(draft)):
            for fault in shapes.faults(parse.parse(written.text), known, draft.lets):
                yield draft.within(fault, written.route, written.base)


def every(draft: Draft) -> Iterator[Written]:
    """Every formula of a draft."""
    return chain(_sizes(draft), _truth(draft), _judged(draft), _literals(draft))


def _faults(draft: Draft, written: Written) -> Iterator[Diagnostic]:
    try:
        node = parse.parse(written.text)
    except FormulaError as unreadable:
        yield draft.within(unreadable, written.route, written.base)
        return
    for fault in (*scope.faults(node, written.known), *(() if written.observes else _observing(node))):
        yield draft.within(fault, written.route, written.base)


def _observing(node: Node) -> Iterator[FormulaError]:
    observed = scope.uses_observed(node)
    message = "what is left behind is known to properties only"
    hint = "write it in the `holds` of a property"
    for each in walk.walk(node):
        name = each.name if isinstance(each, Attribute) else each.function if isinstance(each, Call) else ""
        if name in observed:
            yield FormulaError(message, code="observed-too-early", start=each.start, end=each.end, hint=hint)


def _sizes(draft: Draft) -> Iterator[Written]:
    """Shapes, ranges, ranks and derived inputs."""
    exercise = draft.exercise
    whole = (*sorted(draft.sizes), *sorted(draft.integers))
    for route, name, spec in draft.specs:
        others = [each for each in whole if each != name]
        for index, size in enumerate(spec.shape or ()):
            if size.strip() != "...":
                yield Written(route=draft.route(*route, "shape", index), text=size, known=whole)
        yield from _ends(draft, (*route, "range"), spec.range, others)
        if spec.rank is not None:
            yield Written(route=draft.route(*route, "rank"), text=spec.rank, known=whole)
        if spec.value is not None:
            known = [each for each in draft.given if each != name]
            yield Written(route=draft.route(*route, "value"), text=spec.value, known=known, computes=True)
    for name, spec in exercise.returns.items():
        for index, size in enumerate(spec.shape or ()):
            if size.strip() != "..." and not is_name(size):
                yield Written(route=draft.route("returns", name, "shape", index), text=size, known=whole)
    for name, size_range in exercise.dims.items():
        yield from _ends(draft, ("dims", name), size_range, [each for each in whole if each != name])
    for index, group in enumerate(exercise.cases):
        for name, size_range in group.dims.items():
            others = [each for each in whole if each != name]
            yield from _ends(draft, ("cases", index, "dims", name), size_range, others)


def _ends(draft: Draft, parts: Route, between: Range | None, known: Collection[str]) -> Iterator[Written]:
    if between is None:
        return
    route = draft.route(*parts)
    text = draft.document.at(route)
    if not isinstance(text, str):
        return
    low, high = ends(text)
    yield Written(route=route, text=low, known=known, base=text.index(low))
    yield Written(route=route, text=high, known=known, base=text.rindex(high))


def _truth(draft: Draft) -> Iterator[Written]:
    """`let`, the reference and the mistakes."""
    exercise = draft.exercise
    for name, formula in exercise.let.items():
        known = [each for each in draft.observed if each != name]
        yield Written(route=draft.route("let", name), text=formula, known=known, computes=True)
    yield from _by_outcome(draft, ("reference", "formula"), exercise.reference.formula, computes=True)
    for name, formula in exercise.reference.gradient.items():
        about = (*draft.observed, "grad_output")
        yield Written(route=draft.route("reference", "gradient", name), text=formula, known=about)
    for index, mistake in enumerate(exercise.mistakes):
        yield from _by_outcome(draft, ("mistakes", index, "formula"), mistake.formula)


def _by_outcome(draft: Draft, parts: Route, formulas: Mapping[str, str], computes: bool = False) -> Iterator[Written]:
    for outcome, formula in formulas.items():
        yield Written(route=draft.route(*parts, outcome), text=formula, known=draft.given, computes=computes)


def _judged(draft: Draft) -> Iterator[Written]:
    """What checks look at."""
    for index, check in enumerate(draft.exercise.checks):
        for field in ("holds", "of"):
            text = getattr(check, field, "")
            if text and not (field == "of" and (OUTCOME.fullmatch(text) or is_name(text))):
                route = draft.route("checks", index, field)
                yield Written(route=route, text=text, known=draft.observed, observes=field == "holds")


def _literals(draft: Draft) -> Iterator[Written]:
    """Texts in given inputs and expected values, but for those that are text themselves."""
    exercise = draft.exercise
    known = (*sorted(draft.sizes), *sorted(draft.integers))
    symbols = [name for name, spec in exercise.parameters.items() if spec.type is Type.SYMBOL]
    for index, group in enumerate(exercise.cases):
        for name, value in group.inputs.items():
            spec = exercise.parameters.get(name)
            if spec is None or spec.type not in TEXT_TYPES:
                yield from _texts(draft, ("cases", index, "inputs", name), value, known)
        for outcome, value in group.expected.items():
            spec = exercise.returns.get(outcome)
            if spec is None or spec.type is not Type.STR:
                yield from _texts(draft, ("cases", index, "expected", outcome), value, (*known, *symbols))


def _texts(draft: Draft, parts: Route, value: Literal, known: Collection[str]) -> Iterator[Written]:
    if isinstance(value, str):
        yield Written(route=draft.route(*parts), text=value, known=known)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(draft, (*parts, index), item, known)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(draft, (*parts, name), item, known)


def _circular(draft: Draft) -> Iterator[Diagnostic]:
    """`let`, sizes or derived inputs that need each other."""
    inputs = {name: spec.value for name, spec in draft.exercise.parameters.items() if spec.value is not None}
    values = {name: node for name, text in inputs.items() if (node := read(text)) is not None}
    for field, nodes in (("let", draft.lets), ("parameters", values)):
        if names := scope.cycle(nodes):
            message = f"these need each other without an end: {' → '.join(names)}"
            yield draft.fault("circular", message, field, names[0], key=True)
