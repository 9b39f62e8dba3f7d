"""What stopped a submission, in words for the student."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping
from dataclasses import replace

from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Judgement
from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.places import code, written
from torchgrade.model.places import words as words_of
from torchgrade.model.probe import Source
from torchgrade.model.said import Said, ours, said, template

_SENTENCES: Mapping[IncidentKind, tuple[str, str]] = {
    IncidentKind.SYNTAX_ERROR: (
        template("Python cannot read this file{line}."),
        template("Run the file with Python: it points at the place; the mistake may be in the line before."),
    ),
    IncidentKind.IMPORT_ERROR: (
        template("The file stops with `{exception}`{line} before your function is defined."),
        template(
            "What stands outside functions runs when the file is read: "
            "take it out, or put it under a test of `__name__`."
        ),
    ),
    IncidentKind.MISSING_ENTRYPOINT: (
        template("There is no `{entrypoint}` in this file."),
        template("Write `{definition}`, spelt exactly so and not inside another function or class."),
    ),
    IncidentKind.NOT_CALLABLE: (
        template("`{entrypoint}` is neither a function nor a class."),
        template("A later line may give its name to something else."),
    ),
    IncidentKind.WRONG_SIGNATURE: (
        template("`{entrypoint}` cannot be called with what it is given: ({parameters})."),
        template("Its first line should read `{definition}`."),
    ),
    IncidentKind.UNREADABLE: (template("What was handed in cannot be graded."), ""),
    IncidentKind.NOT_ALLOWED: (template("Nothing was run, because of an import{line} that is not allowed here."), ""),
    IncidentKind.EXCEPTION: (template("Your code raised `{exception}`{line}."), ""),
    IncidentKind.EXITED: (
        template("Your code ended the whole process{line} instead of returning."),
        template("Leave out `exit()`, `quit()` and `sys.exit()`."),
    ),
    IncidentKind.CRASHED: (
        template("The process crashed while your code ran."),
        template("Endless recursion and wrong strides or indices in `as_strided` do that."),
    ),
    IncidentKind.TIME_LIMIT: (
        template("Your code took too long{line}: more than {seconds:g} s for a case."),
        template("Look for a loop that never ends; a loop over elements may be one operation on whole tensors."),
    ),
    IncidentKind.CPU_LIMIT: (
        template("Your code used too much processor time{line}."),
        template("Look for a loop that never ends; a loop over elements may be one operation on whole tensors."),
    ),
    IncidentKind.MEMORY_LIMIT: (
        template("Your code needed more than the {megabytes} MB it may use{line}."),
        template("Look for a tensor that grows in a loop, or two shapes broadcast against each other."),
    ),
    IncidentKind.OUTPUT_LIMIT: (template("Your code printed or returned too much."), template("Take out the prints.")),
    IncidentKind.THREAD_LIMIT: (
        template("Your code started too many threads{line}: {threads} may run at once."),
        template("Tensors need no threads: work on whole ones."),
    ),
    IncidentKind.FILE_LIMIT: (
        template("Your code opened too many files{line}: {files} may be open at once."),
        template("Close what you open: `with open(…) as file:` does."),
    ),
    IncidentKind.BAD_REPLY: (
        template("What your code left behind could not be read."),
        template("Return plain tensors and numbers."),
    ),
    IncidentKind.NOT_RUN: (template("This was not run, because an earlier part ended the exercise."), ""),
    **dict.fromkeys(
        (IncidentKind.OUR_FAULT, IncidentKind.CLAIMED_FAULT),
        (template("The judge failed here. That is not your fault; please tell your teacher."), ""),
    ),
}
_MODULES = said("Only torch, numpy and Python's own modules are sure to be there, and no other file of yours.")
_STARTER = said("The starter's `raise NotImplementedError` still stands there: write your solution instead.")
_POWER = said("`^` is exclusive or in Python; a power is `**`.")
_IN_PLACE = said("Leave the parameters as they are: no `*=`, `x[0] = …` or names that end in `_`; make a new tensor.")
_NOTEBOOK = said(
    "Of a notebook only imports, functions, classes and constants are read, and nothing that other lines compute: "
    "make what is missing inside the function."
)
_MESSAGE_HELP: Mapping[str, str] = {
    "bitwise_xor": _POWER,
    "for ^:": _POWER,
    "in-place operation": _IN_PLACE,
    "by an inplace operation": _IN_PLACE,
    "only for scalar outputs": said(
        "`backward()` starts from a number: sum the result first, or pass it a `gradient`."
    ),
    "does not require grad": said("What is differentiated was not computed from a tensor with `requires_grad=True`."),
    "backward through the graph a second time": said("Call backward once, or give the first call `retain_graph=True`."),
    "call numpy() on Tensor that requires grad": said("Stay in torch: numpy cannot be differentiated."),
}
"""What to try, by a part of what Python or torch says."""
_EXCEPTION_HELP: Mapping[str, str] = {
    "EOFError": said("Nobody answers `input()` here: work with the parameters instead."),
    "NameError": said("A name is misspelt, or used before anything was assigned to it."),
    "UnboundLocalError": said("A variable is used before anything was assigned to it."),
    "AttributeError": said("The value does not have what follows the dot: print its type."),
    "TypeError": said("A function got the wrong number or type of arguments: print what it is given."),
    "IndexError": said("An index or axis lies outside: print the shape, and think of sizes 0 and 1."),
    "KeyError": said("A dict has no such key."),
    "ZeroDivisionError": said("Something is divided by zero: think of empty tensors."),
    "RecursionError": said("A function calls itself without end."),
    "LinAlgError": said("The matrix is not invertible, or not what the function needs."),
    "ImportError": _MODULES,
    "RuntimeError": said("Print the shapes and dtypes just before that line: they usually do not fit each other."),
}
_THEIRS = (IncidentKind.EXCEPTION, IncidentKind.IMPORT_ERROR)
"""What an exception says is never ours."""
_LONGEST_MESSAGE = 600
_LONGEST_LINE = 60
_MOST_LINES = 2_000
_MOST_CLASSES = 64
"""A file with more of them may have been given them so that a place or a name can say any number."""
_KNOWN = frozenset((*dir(builtins), "LinAlgError", "_LinAlgError", "OutOfMemoryError"))


def stopped(incident: Incident, exercise: Exercise, source: Source) -> Judgement:
    """The judgement on a measurement that an Incident stopped.

    Lines are claims too: one that the source does not have could be a number from a hidden case.
    """
    incident = replace(incident, frames=tuple(each for each in incident.frames if each.line <= _lines(source)))
    sentence, advice = _SENTENCES[incident.kind]
    exception = exception_name(incident, code(source))
    words: dict[str, object] = {
        "entrypoint": exercise.entrypoint,
        "parameters": ", ".join(exercise.parameters),
        "exception": exception,
        "definition": _definition(exercise),
        "line": _place(line_of_incident(incident), source),
        "seconds": exercise.limits.seconds,
        "megabytes": exercise.limits.megabytes,
        "threads": exercise.limits.threads,
        "files": exercise.limits.files,
    }
    is_telling = incident.kind is IncidentKind.IMPORT_ERROR and {"ImportError", "EOFError"} & {*_names(incident)}
    if is_telling or incident.kind is IncidentKind.EXCEPTION:
        advice = _advice(incident, source)
    elif advice:
        advice = said(advice, **words)
    return Judgement(
        verdict=incident.verdict,
        rationale=said(sentence, **words),
        help=advice,
        values=_values(incident),
        incident=incident,
    )


def _values(incident: Incident) -> str:
    """What the exception says, or what we say of the incident."""
    message = incident.message
    if not isinstance(message, Said) or len(message) > _LONGEST_MESSAGE:
        message = _cut(message, _LONGEST_MESSAGE)
        message = message if incident.kind in _THEIRS else ours(message)
    if incident.exception and message:
        return said("{exception}: {message}", exception=incident.exception, message=message)
    return message


def _advice(incident: Incident, source: Source) -> str:
    """What to try after an exception: by what it says, else by what it is called."""
    if incident.exception == "NotImplementedError" and not incident.message:
        return _STARTER
    if incident.exception == "NameError" and source.cells:
        return _NOTEBOOK
    said = (advice for words, advice in _MESSAGE_HELP.items() if words in incident.message)
    named = (_EXCEPTION_HELP[name] for name in _names(incident) if name in _EXCEPTION_HELP)
    return next(said, "") or next(named, "")


def _definition(exercise: Exercise) -> str:
    """The line that defines the entry point; a class, or what a `call` of the exercise's own uses, may differ."""
    if exercise.entrypoint[0].isupper():
        return f"class {exercise.entrypoint}:"
    return f"def {exercise.entrypoint}({'…' if exercise.call else ', '.join(exercise.parameters)}):"


def _lines(source: Source) -> int:
    """The last line that may be told."""
    last = len(code(source).splitlines()) + 1  # Python sees the end of a file in the line after the last
    return last if last <= _MOST_LINES else 0


def _place(number: int, source: Source) -> str:
    """` in line 3 (`y = x ^ 2`)`, from the source that was handed in and not from what the worker says of it."""
    text = _cut(written(source, number), _LONGEST_LINE)
    if not number:
        return ""
    place = words_of(source, number)
    return said(" in {place} (`{code}`)", place=place, code=text) if text else said(" in {place}", place=place)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


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
    own = set(re.findall(r"\bclass +(\w+)", source))
    known = _KNOWN | own if len(own) <= _MOST_CLASSES else _KNOWN
    return next((name for name in _names(incident) if name in known), "Exception")


def _names(incident: Incident) -> tuple[str, ...]:
    return (incident.exception, *incident.bases)
