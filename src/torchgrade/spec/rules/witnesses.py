"""Witnesses: at least two say what is right, so that a slip in one of them is found."""

from __future__ import annotations

from collections.abc import Iterator

from torchgrade.formula import scope
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Exercise
from torchgrade.spec.rules.draft import Draft, read

HINT = "give one case its `expected`, or add `function:` to the reference"


def two(draft: Draft) -> Iterator[Diagnostic]:
    """Every outcome that is judged has two of formula, function, expected and property."""
    exercise = draft.exercise
    if _is_statement(exercise):
        return
    for outcome in judged(draft):
        formula = outcome in exercise.reference.formula
        expected = any(outcome in group.expected for group in exercise.cases)
        function = exercise.reference.function is not None
        witnesses = formula + expected + function + _is_described(draft, outcome)
        if witnesses < 2:
            message = "only one witness: nothing else says what is right" if witnesses else "nothing says what is right"
            subject = "" if len(exercise.returns) == 1 and outcome in exercise.returns else f"`{outcome}`: "
            yield draft.fault("one-witness", subject + message, "reference", "formula", outcome, hint=HINT)


def _is_statement(exercise: Exercise) -> bool:
    """True for what students get in a bundle: given cases with their answers, and nothing that could be proven."""
    truth = exercise.reference
    is_claimed = truth.formula or truth.gradient or truth.function or exercise.accepted or exercise.mistakes
    return not is_claimed and all(group.expected or group.raises is not None for group in exercise.cases)


def judged(draft: Draft) -> tuple[str, ...]:
    """The outcomes that some witness or check speaks of, returned ones first."""
    exercise = draft.exercise
    named = [*exercise.returns, *exercise.reference.formula]
    named += [outcome for group in exercise.cases for outcome in group.expected]
    named += [of for check in exercise.checks if (of := getattr(check, "of", "")) in draft.outcomes]
    is_clear = "" not in named
    return tuple(outcome for outcome in dict.fromkeys(named) if is_clear and outcome in draft.outcomes)


def _is_described(draft: Draft, outcome: str) -> bool:
    """True if a property speaks of the outcome's value."""
    for check in draft.exercise.checks:
        node = read(getattr(check, "holds", ""))
        if node is not None and not scope.is_structural(node) and outcome.partition(".")[0] in scope.names(node):
            return True
    return False
