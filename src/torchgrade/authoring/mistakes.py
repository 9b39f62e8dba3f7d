"""Is every known mistake caught and named, and does it lose what it says?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from torchgrade.authoring.proof import Row, RowKind, Tried
from torchgrade.authoring.trial import Trial, handed_in
from torchgrade.grading.judge import judge
from torchgrade.grading.resolved import Resolved
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Mistake
from torchgrade.model.finding import Attempt
from torchgrade.model.observation import Incident, Measured
from torchgrade.model.verdict import Verdict
from torchgrade.writers.totals import shown

LONGEST = 120


def wrongs(trial: Trial) -> Iterator[Tried]:
    """Every mistake of the file, handed in."""
    resolved = trial.natural.resolve(trial.exercise)
    known = trial.natural.mistakes(resolved)
    for index, mistake in enumerate(trial.exercise.mistakes):
        if mistake.id not in known:
            yield _unwritten(trial, index)
            continue
        source, measured = known[mistake.id].source, known[mistake.id].measured
        attempt = judge(resolved, handed_in(source), measured, known)
        fault = _fault(trial, index, attempt, measured)
        row = Row(
            kind=RowKind.MISTAKE,
            name=mistake.id,
            holds=fault is None,
            result=f"{shown(attempt.points)} of {shown(attempt.max_points)} points, {_called(mistake, attempt)}",
        )
        yield Tried(row=row, faults=(fault,) if fault else ())


def _unwritten(trial: Trial, index: int) -> Tried:
    """A mistake whose formulas say what torch code cannot."""
    mistake = trial.exercise.mistakes[index]
    message = f"mistake `{mistake.id}` cannot be run: its formulas do not say all that the function returns"
    fault = trial.fault("mistake-never-runs", message, ("mistakes", index), "write it as a `function`")
    row = Row(kind=RowKind.MISTAKE, name=mistake.id, holds=False, result="cannot be run")
    return Tried(row=row, faults=(fault,))


def _fault(trial: Trial, index: int, attempt: Attempt, measured: Measured) -> Diagnostic | None:
    """The first thing that is wrong with a mistake, if any."""
    mistake, place = trial.exercise.mistakes[index], ("mistakes", index)
    resolved = trial.natural.resolve(trial.exercise)
    incidents = [answer for answer in measured.observations.values() if isinstance(answer, Incident)]
    count = f"all {len(resolved.cases)} cases" if len(resolved.cases) > 1 else "its only case"
    if len(incidents) == len(measured.observations):
        message = f"mistake `{mistake.id}` cannot be recognised: it fails to run in {count} ({_reason(incidents)})"
        return trial.fault(
            "mistake-never-runs", message, place, "add a case where it computes, for instance - {edges: [square]}"
        )
    if attempt.verdict is Verdict.ACCEPTED:
        message = (
            f"mistake `{mistake.id}` gives the reference's values in {count}: nothing can tell it from a right answer"
        )
        return trial.fault("mistake-accepted", message, place, _how_to_differ(resolved))
    if mistake.id not in attempt.mistakes:
        taken = ", ".join(f"`{name}`" for name in attempt.mistakes)
        message = f"mistake `{mistake.id}` loses points but is " + (f"taken for {taken}" if taken else "not named")
        return trial.fault("mistake-not-named", message, place, "add a case in which it differs from the others")
    failed = [check.name for check in attempt.checks if check.verdict is not Verdict.ACCEPTED]
    if mistake.loses and set(failed) != set(mistake.loses):
        message = f"mistake `{mistake.id}` fails {_names(failed)}, but its `loses` says {_names(mistake.loses)}"
        return trial.fault("mistake-loses", message, (*place, "loses"), f"loses: [{', '.join(failed)}]")
    return None


def _reason(incidents: list[Incident]) -> str:
    first = " ".join(incidents[0].message.split()) if incidents else "it is never called"
    return first if len(first) <= LONGEST else first[:LONGEST] + "…"


def _how_to_differ(resolved: Resolved) -> str:
    """The likely reason: sizes that are the same in every case."""
    dims = [case.dims for case in resolved.cases]
    names = dict.fromkeys(name for sizes in dims for name in sizes)
    for first, second in combinations(names, 2):
        if all(sizes.get(first) == sizes.get(second) for sizes in dims):
            return f"the cases never have {first} != {second}: let their sizes differ"
    return "add a case where it gives something else, or a check that looks at what it breaks"


def _called(mistake: Mistake, attempt: Attempt) -> str:
    if mistake.id in attempt.mistakes:
        return "named"
    return f"named {', '.join(attempt.mistakes)}" if attempt.mistakes else "not named"


def _names(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
