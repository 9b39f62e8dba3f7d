"""Outcomes: what is said of one exists, and a bare value belongs to the only one."""

from __future__ import annotations

from collections.abc import Iterator

from torchgrade.errors import FormulaError
from torchgrade.formula import linearity
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.document import Route
from torchgrade.spec.faults import similar
from torchgrade.spec.rules.draft import OUTCOME, Draft, is_name, listed


def named(draft: Draft) -> Iterator[Diagnostic]:
    """Formulas, expected values and checks speak of outcomes that exist."""
    for parts, is_key in _spoken_of(draft):
        outcome = str(parts[-1]) if is_key else str(draft.document.at(draft.route(*parts)))
        if not outcome:
            yield _bare(draft, parts)
        elif outcome not in draft.outcomes:
            near = similar(outcome, list(draft.outcomes))
            hint = f"did you mean {near}?" if near else f"outcomes here: {listed(draft.outcomes)}"
            yield draft.fault("unknown-outcome", f"there is no outcome `{outcome}`", *parts, key=is_key, hint=hint)


def differentiated(draft: Draft) -> Iterator[Diagnostic]:
    """Gradients are taken in floating tensor parameters, of something that is returned."""
    exercise = draft.exercise
    places: list[tuple[Route, str, bool]] = [
        (("reference", "gradient", name), name, True) for name in exercise.reference.gradient
    ]
    for index, check in enumerate(exercise.checks):
        if check.kind != "gradient":
            continue
        wrt = getattr(check, "wrt", ())
        places += [(("checks", index, "wrt", position), name, False) for position, name in enumerate(wrt)]
        if not draft.floating or not exercise.returns:
            why = "nothing is returned" if draft.floating else "no parameter is a floating tensor"
            yield draft.fault("no-gradient", f"there is nothing to differentiate: {why}", "checks", index)
    for parts, name, is_key in places:
        if name not in draft.floating:
            hint = f"floating tensors here: {listed(draft.floating)}"
            message = f"`{name}` is no floating tensor among the parameters"
            yield draft.fault("no-gradient", message, *parts, key=is_key, hint=hint)


def linear(draft: Draft) -> Iterator[Diagnostic]:
    """The gradient of a formula over results has seeds that every submission sees: they must not tell the results."""
    exercise = draft.exercise
    for index, check in enumerate(exercise.checks):
        if check.kind != "gradient":
            continue
        try:
            found = linearity.fault(getattr(check, "of", "") or "0", exercise.returns, draft.lets)
        except FormulaError:
            continue  # formulas.check tells of it
        if found:
            yield draft.within(found, draft.route("checks", index, "of"))


def _spoken_of(draft: Draft) -> Iterator[tuple[Route, bool]]:
    """Routes that end in an outcome: as the name of a field, or as a value."""
    exercise = draft.exercise
    yield from ((("reference", "formula", outcome), True) for outcome in exercise.reference.formula)
    for index, mistake in enumerate(exercise.mistakes):
        yield from ((("mistakes", index, "formula", outcome), True) for outcome in mistake.formula)
    for index, group in enumerate(exercise.cases):
        yield from ((("cases", index, "expected", outcome), True) for outcome in group.expected)
    for index, check in enumerate(exercise.checks):
        of = getattr(check, "of", "")
        if of and (OUTCOME.fullmatch(of) or is_name(of)):
            yield ("checks", index, "of"), False


def _bare(draft: Draft, parts: Route) -> Diagnostic:
    known = draft.exercise.returns
    found = f"{len(known)} results" if known else "no results"
    example = next(iter(known), next(iter(draft.outcomes), "result"))
    message = f"this speaks of no outcome, and there are {found}: {listed(known)}"
    return draft.fault("which-outcome", message, *parts, hint=f"name it: {{{example}: …}}")
