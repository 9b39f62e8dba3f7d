"""Do all witnesses agree? Told as faults of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from torchgrade.authoring.closed_form import misderived
from torchgrade.authoring.float_reading import misrounded
from torchgrade.authoring.proof import Row, RowKind, Tried
from torchgrade.authoring.spread import uneven
from torchgrade.authoring.trial import Trial
from torchgrade.authoring.witnesses import Disagreement, disagreements, heard, misreadings, speakers
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.finding import Stage

SPEAKERS = {
    "formula": ("formula gives", ("reference", "formula")),
    "function": ("the function gives", ("reference", "function")),
    "expected": ("`expected` says", ("expected",)),
    "float64": ("in float64 it gives", ("reference", "formula")),
    "torch": ("run by torch it gives", ("reference", "formula")),
    "closed form": ("the closed form gives", ("reference", "formula")),
}


def agreement(trial: Trial) -> Tried:
    """The witnesses beside each other, and the formula beside its own torch source."""
    witnesses = heard(trial.natural, trial.exercise)
    cases = trial.natural.resolve(trial.exercise).cases
    speaking = sorted(speakers(witnesses))
    found = disagreements(trial.exercise, cases, witnesses)
    faults = [*_alone(trial, speaking), *_told(trial, found, "witnesses-disagree")]
    if not faults:
        misread = misreadings(trial.natural, trial.exercise, witnesses)
        others = (misderived(trial.exercise, cases, witnesses), misrounded(trial.exercise, cases, witnesses))
        faults += _told(trial, chain(misread, *others), "readings-disagree")
    faults += _small(trial)
    result = ", ".join(speaking) or "none needed"
    return Tried(row=Row(kind=RowKind.WITNESSES, holds=not faults, result=result), faults=tuple(faults))


def _alone(trial: Trial, speaking: list[str]) -> Iterator[Diagnostic]:
    """A file that only states its answers (a bundle's) loads, and proves nothing; a property is a witness as well."""
    kinds = {check.kind for check in trial.exercise.checks if not check.is_condition()}
    if speaking == ["expected"] and "property" not in kinds:
        message = "only one witness: nothing else says what is right"
        yield trial.fault("one-witness", message, ("reference",), "give the reference a `formula:` or a `function:`")


def _small(trial: Trial) -> Iterator[Diagnostic]:
    for outcome in uneven(trial.natural.resolve(trial.exercise)):
        message = f"every case of `{outcome}` has entries a thousand times smaller than its greatest"
        yield trial.fault("small-entries", message, ("cases",), "add a case with a narrower `range:`")


def _told(trial: Trial, found: Iterable[Disagreement], code: str) -> Iterator[Diagnostic]:
    """One fault for each outcome that two witnesses differ about."""
    told = set()
    for each in found:
        key = (each.outcome, each.first, each.second)
        if key not in told:
            told.add(key)
            yield _fault(trial, each, code)


def _fault(trial: Trial, each: Disagreement, code: str) -> Diagnostic:
    case = trial.case_place(each.case)
    first, one = SPEAKERS[each.first]
    second, other = SPEAKERS[each.second]
    lines = [trial.line((*case, *place) if place == ("expected",) else place) for place in (one, other)]
    hint = f"one of them is wrong; line {lines[0]} or line {lines[1]}"
    if code == "readings-disagree":
        hint = "does the case lie on a kink? see torchgrade explain readings-disagree"
    about = f" for {each.outcome}" if len(trial.exercise.outcomes) > 1 or " " in each.outcome else ""
    place = f" at {list(each.comparison.index)}" if each.comparison.index else ""
    message = (
        f"{each.case}: {first} {each.comparison.observed}{place}{about}, {second} {each.comparison.expected}"
        if each.comparison.stage is not Stage.SHAPE
        else f"{each.case}: {first} the shape {each.comparison.observed}{about}, {second} {each.comparison.expected}"
    )
    return trial.fault(code, message, case, hint)
