"""The rules between fields: each is a function from a Draft to Diagnostics, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.spec.rules import cases, checks, formulas, names, outcomes, python, specs, texts, witnesses
from torchgrade.spec.rules.draft import Draft

RULES: tuple[Callable[[Draft], Iterator[Diagnostic]], ...] = (
    texts.uncut,
    texts.finite,
    names.valid,
    names.distinct,
    names.used,
    formulas.check,
    specs.check,
    outcomes.named,
    outcomes.differentiated,
    outcomes.linear,
    cases.known,
    cases.consistent,
    cases.distinct,
    cases.ranges,
    checks.distinct,
    checks.known,
    checks.whole,
    python.check,
    witnesses.two,
)


def check(draft: Draft) -> tuple[Diagnostic, ...]:
    """What every rule says, in the order of the file."""
    return tuple(sorted({fault for rule in RULES for fault in rule(draft)}))
