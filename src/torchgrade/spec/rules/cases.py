"""Cases: what they set exists, they do not contradict themselves, and their names tell them apart."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

from torchgrade.formula.tree import Node, Number, Unary
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Range
from torchgrade.spec.document import Route
from torchgrade.spec.faults import similar
from torchgrade.spec.rules.draft import Draft, listed, read

TORCH_EXCEPTIONS = ("LinAlgError", "OutOfMemoryError")
EXCEPTIONS = (
    *(name for name, each in vars(builtins).items() if isinstance(each, type) and issubclass(each, Exception)),
    *TORCH_EXCEPTIONS,
)


def known(draft: Draft) -> Iterator[Diagnostic]:
    """Inputs, sizes and changes are of parameters and sizes that exist; exceptions have names that exist."""
    parameters = list(draft.exercise.parameters)
    for index, group in enumerate(draft.exercise.cases):
        for field, name in (
            *(("inputs", name) for name in group.inputs),
            *(("parameters", name) for name in group.parameters),
        ):
            if name not in parameters:
                yield _unknown(draft, ("cases", index, field, name), "parameter", name, parameters)
        if group.raises is not None and group.raises not in EXCEPTIONS:
            near = similar(group.raises, list(EXCEPTIONS)) or similar(group.raises.rpartition(".")[2], list(EXCEPTIONS))
            hint = f"did you mean {near}?" if near else "one of Python's, or LinAlgError"
            message = f"`{group.raises}` is no exception that torch or Python raises"
            yield draft.fault("unknown-exception", message, "cases", index, "raises", hint=hint)


def consistent(draft: Draft) -> Iterator[Diagnostic]:
    """A case has an answer or raises; drawing makes a difference; given inputs leave their Spec nothing to draw."""
    parameters = draft.exercise.parameters
    for index, group in enumerate(draft.exercise.cases):
        if group.raises is not None and group.expected:
            message = "this case has an answer and also raises"
            yield draft.fault("case-contradiction", message, "cases", index, "raises", key=True, hint="keep one")
        if group.draw is not None and group.draw > 1 and parameters and set(group.inputs) >= set(parameters):
            message = f"{group.draw} cases are drawn, but every input is given: they are all the same"
            yield draft.fault("case-contradiction", message, "cases", index, "draw", key=True, hint="leave out `draw`")
        for name in set(group.inputs) & set(group.parameters):
            if group.parameters[name].range or group.parameters[name].family:
                message = f"`{name}` is given here, so there is nothing to draw"
                yield draft.fault("case-contradiction", message, "cases", index, "parameters", name, key=True)


def distinct(draft: Draft) -> Iterator[Diagnostic]:
    """No two entries have one name, and no edge stands twice."""
    seen: set[str] = set()
    for index, group in enumerate(draft.exercise.cases):
        words: list[tuple[Route, str]] = [(("cases", index, "name"), group.name)] if group.name else []
        words += [(("cases", index, "edges", position), edge.value) for position, edge in enumerate(group.edges)]
        for parts, word in words:
            if word in seen:
                hint = "give this one another name" if group.name else "leave it out"
                yield draft.fault("duplicate-case", f"two cases are called `{word}`", *parts, hint=hint)
            seen.add(word)


def ranges(draft: Draft) -> Iterator[Diagnostic]:
    """No range ends before it begins; sizes are whole and not negative."""
    spans: list[tuple[Route, Range, bool]] = [
        ((*parts, "range"), spec.range, False) for parts, _, spec in draft.specs if spec.range is not None
    ]
    spans += [(("dims", name), span, True) for name, span in draft.exercise.dims.items()]
    for index, group in enumerate(draft.exercise.cases):
        spans += [(("cases", index, "dims", name), span, True) for name, span in group.dims.items()]
    for parts, span, is_size in spans:
        low, high = number(span.low), number(span.high)
        text = span.low if span.low == span.high else f"{span.low}..{span.high}"
        if low is not None and high is not None and low > high:
            yield draft.fault(
                "bad-range", f"{text} ends before it begins", *parts, hint=f"write {span.high}..{span.low}"
            )
        elif is_size and any(end is not None and (end != int(end) or end < 0) for end in (low, high)):
            yield draft.fault("bad-range", f"{text}: sizes are whole numbers from 0", *parts)


def number(text: str) -> float | None:
    """The value of a formula that is a number."""
    return _number(read(text))


def _number(node: Node | None) -> float | None:
    if isinstance(node, Unary) and node.operator in "+-":
        value = _number(node.operand)
        return value if value is None or node.operator == "+" else -value
    return float(node.value) if isinstance(node, Number) and not node.is_imaginary else None


def names(draft: Draft) -> tuple[str, ...]:
    """Every name by which a check may ask for cases: of entries, and of single cases."""
    from torchgrade.inputs.draw import entries  # drawing needs numpy, and most exercises do not ask

    found = [name for entry in entries(draft.exercise) for name in (entry.group, entry.name)]
    return tuple(dict.fromkeys(found))


def _unknown(draft: Draft, parts: Route, what: str, name: str, names: list[str]) -> Diagnostic:
    near = similar(name, names)
    hint = f"did you mean {near}?" if near else f"{what}s here: {listed(names)}"
    return draft.fault(f"unknown-{what}", f"there is no {what} `{name}`", *parts, key=True, hint=hint)
