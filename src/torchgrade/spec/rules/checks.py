"""Checks and mistakes: their names tell them apart, and what they name exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.document import Route
from torchgrade.spec.faults import similar
from torchgrade.spec.rules.cases import names as case_names
from torchgrade.spec.rules.draft import Draft, listed


def distinct(draft: Draft) -> Iterator[Diagnostic]:
    """No two checks have one name, and no two mistakes one id."""
    yield from _twice(draft, "checks", "name", [check.name for check in draft.exercise.checks])
    yield from _twice(draft, "mistakes", "id", [mistake.id for mistake in draft.exercise.mistakes])


def known(draft: Draft) -> Iterator[Diagnostic]:
    """`cases` of checks and `loses` of mistakes name what exists."""
    exercise = draft.exercise
    cases = case_names(draft) if any(check.cases for check in exercise.checks) else ()
    for index, check in enumerate(exercise.checks):
        yield from _unknown(draft, ("checks", index, "cases"), "case", check.cases, cases)
    checks = [check.name for check in exercise.checks]
    for index, mistake in enumerate(exercise.mistakes):
        yield from _unknown(draft, ("mistakes", index, "loses"), "check", mistake.loses, checks)


def whole(draft: Draft) -> Iterator[Diagnostic]:
    """A mistake is wrong in one way, a rule names something, and the checks are worth something."""
    exercise = draft.exercise
    for index, mistake in enumerate(exercise.mistakes):
        if bool(mistake.formula) == (mistake.function is not None):
            found = "a formula and a function" if mistake.formula else "neither a formula nor a function"
            message = f"mistake `{mistake.id}` has {found}"
            yield draft.fault("mistake-form", message, "mistakes", index, "id", hint="give it one of the two")
    for index, check in enumerate(exercise.checks):
        if check.kind == "rule" and not getattr(check, "forbid", ()) and not getattr(check, "require_any", ()):
            message = "this rule forbids nothing and requires nothing"
            yield draft.fault("empty-rule", message, "checks", index, hint="add `forbid:` or `require_any:`")
    if not any(check.points for check in exercise.checks):
        yield draft.fault("no-points", "no check is worth a point", "checks", key=True)


def _twice(draft: Draft, field: str, naming: str, names: list[str]) -> Iterator[Diagnostic]:
    for index, name in enumerate(names):
        if name in names[:index]:
            message = f"`{name}` already names item {names.index(name) + 1} of `{field}`"
            yield draft.fault("duplicate-name", message, field, index, naming, hint="give this one another name")


def _unknown(
    draft: Draft, parts: Route, what: str, names: tuple[str, ...], existing: Collection[str]
) -> Iterator[Diagnostic]:
    for position, name in enumerate(names):
        if name not in existing:
            near = similar(name, list(existing))
            hint = f"did you mean `{near}`?" if near else f"{what}s here: {listed(existing)}"
            yield draft.fault(f"unknown-{what}", f"there is no {what} `{name}`", *parts, position, hint=hint)
