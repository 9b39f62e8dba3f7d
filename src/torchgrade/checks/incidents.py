"""What stopped a submission, in words for the student."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping

from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Judgement
from torchgrade.model.observation import Incident, IncidentKind

_SENTENCES: Mapping[IncidentKind, tuple[str, str]] = {
    IncidentKind.SYNTAX_ERROR: (
        "Python cannot read this file{line}.",
        "Run the file with Python: it points at the place; the mistake may be in the line before.",
    ),
    IncidentKind.IMPORT_ERROR: (
        "The file stops with `{exception}`{line} before your function is defined.",
        "Only torch, numpy and Python's own modules are sure to be there; take out what tries things at the top level.",
    ),
    IncidentKind.MISSING_ENTRYPOINT: (
        "There is no `{entrypoint}` in this file.",
        "Write `def {entrypoint}({parameters}):`, spelt exactly so and not inside another function.",
    ),
    IncidentKind.NOT_CALLABLE: (
        "`{entrypoint}` is neither a function nor a class.",
        "A later line may give its name to something else.",
    ),
    IncidentKind.WRONG_SIGNATURE: (
        "`{entrypoint}` cannot be called with what it is given: ({parameters}).",
        "Its first line should read `def {entrypoint}({parameters}):`.",
    ),
    IncidentKind.UNREADABLE: ("This file cannot be read.", "Hand in a Python file in UTF-8."),
    IncidentKind.EXCEPTION: ("Your code raised `{exception}`{line}.", ""),
    IncidentKind.EXITED: (
        "Your code ended the whole process{line} instead of returning.",
        "Leave out `exit()`, `quit()` and `sys.exit()`.",
    ),
    IncidentKind.CRASHED: (
        "The process crashed while your code ran.",
        "Endless recursion and wrong strides or indices in `as_strided` do that.",
    ),
    IncidentKind.TIME_LIMIT: (
        "Your code took longer than the {seconds:g} s it may take{line}.",
        "Look for a loop that never ends; a loop over elements may be one operation on whole tensors.",
    ),
    IncidentKind.MEMORY_LIMIT: (
        "Your code needed more than the {megabytes} MB it may use{line}.",
        "Look for a tensor that grows in a loop, or two shapes broadcast against each other.",
    ),
    IncidentKind.OUTPUT_LIMIT: ("Your code printed or returned too much.", "Take out the prints."),
    IncidentKind.BAD_REPLY: ("What your code left behind could not be read.", "Return plain tensors and numbers."),
    IncidentKind.NOT_RUN: ("This was not run, because an earlier part ended the exercise.", ""),
    IncidentKind.OUR_FAULT: ("The judge failed here. That is not your fault; please tell your teacher.", ""),
}
_EXCEPTION_HELP: Mapping[str, str] = {
    "NotImplementedError": "The starter's `raise NotImplementedError` still stands there: write your solution instead.",
    "NameError": "A name is misspelt, or used before anything was assigned to it.",
    "UnboundLocalError": "A variable is used before anything was assigned to it.",
    "AttributeError": "The value does not have what follows the dot: print its type.",
    "TypeError": "A function got the wrong number or type of arguments: print what it is given.",
    "IndexError": "An index or axis lies outside: print the shape, and think of sizes 0 and 1.",
    "KeyError": "A dict has no such key.",
    "ZeroDivisionError": "Something is divided by zero: think of empty tensors.",
    "RecursionError": "A function calls itself without end.",
    "LinAlgError": "The matrix is not invertible, or not what the function needs.",
    "ModuleNotFoundError": "Only torch, numpy and Python's own modules are sure to be there.",
    "RuntimeError": "Print the shapes and dtypes just before that line: they usually do not fit each other.",
}
_KNOWN = frozenset((*dir(builtins), "LinAlgError", "_LinAlgError", "OutOfMemoryError"))


def stopped(incident: Incident, exercise: Exercise, source: str) -> Judgement:
    """The judgement on a measurement that an Incident stopped."""
    sentence, advice = _SENTENCES[incident.kind]
    exception = exception_name(incident, source)
    words: dict[str, object] = {
        "entrypoint": exercise.entrypoint,
        "parameters": ", ".join(exercise.parameters),
        "exception": exception,
        "line": f" in line {line_of_incident(incident)}" if incident.frames else "",
        "seconds": exercise.limits.seconds,
        "megabytes": exercise.limits.megabytes,
    }
    if incident.kind is IncidentKind.EXCEPTION:
        advice = next((_EXCEPTION_HELP[name] for name in _names(incident) if name in _EXCEPTION_HELP), "")
    return Judgement(
        verdict=incident.verdict,
        rationale=sentence.format(**words),
        help=advice.format(**words),
        values=f"{incident.exception or exception}: {incident.message}" if incident.exception else incident.message,
        incident=incident,
    )


def line_of_incident(incident: Incident) -> int:
    """The line of the student's file where it happened; 0 if none is known."""
    return incident.frames[-1].line if incident.frames else 0


def raised(incident: Incident, name: str) -> bool:
    """Whether the Incident is an exception of that name, or of a class below it."""
    wanted = name.rpartition(".")[2].lstrip("_")
    return incident.kind is IncidentKind.EXCEPTION and wanted in {each.lstrip("_") for each in _names(incident)}


def exception_name(incident: Incident, source: str) -> str:
    """The exception's name if Python, torch or the source has it; else its nearest base that they have.

    A submission can make up classes, and so write what it saw of a hidden case into a name.
    """
    known = (name for name in _names(incident) if name in _KNOWN or re.search(rf"\bclass {re.escape(name)}\b", source))
    return next(known, "Exception")


def _names(incident: Incident) -> tuple[str, ...]:
    return (incident.exception, *incident.bases)
