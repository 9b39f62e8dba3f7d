"""Incidents in words: nothing that a submission can choose gets into the rationale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from torchgrade.checks.incidents import exception_name, line_of_incident, raised, stopped
from torchgrade.model.exercise import Exercise
from torchgrade.model.observation import Frame, Incident, IncidentKind
from torchgrade.model.probe import Source

Make = Callable[..., Exercise]
SENTENCES = {
    IncidentKind.SYNTAX_ERROR: "Python cannot read this file in line 3.",
    IncidentKind.IMPORT_ERROR: "The file stops with `Exception` in line 3 before your function is defined.",
    IncidentKind.MISSING_ENTRYPOINT: "There is no `solve` in this file.",
    IncidentKind.NOT_CALLABLE: "`solve` is neither a function nor a class.",
    IncidentKind.WRONG_SIGNATURE: "`solve` cannot be called with what it is given: (x).",
    IncidentKind.UNREADABLE: "What was handed in cannot be graded.",
    IncidentKind.NOT_ALLOWED: "Nothing was run, because of an import in line 3 that is not allowed here.",
    IncidentKind.EXCEPTION: "Your code raised `Exception` in line 3.",
    IncidentKind.EXITED: "Your code ended the whole process in line 3 instead of returning.",
    IncidentKind.CRASHED: "The process crashed while your code ran.",
    IncidentKind.TIME_LIMIT: "Your code took too long in line 3: more than 2 s for a case.",
    IncidentKind.CPU_LIMIT: "Your code used too much processor time in line 3.",
    IncidentKind.MEMORY_LIMIT: "Your code needed more than the 512 MB it may use in line 3.",
    IncidentKind.OUTPUT_LIMIT: "Your code printed or returned too much.",
    IncidentKind.THREAD_LIMIT: "Your code started too many threads in line 3: 64 may run at once.",
    IncidentKind.FILE_LIMIT: "Your code opened too many files in line 3: 64 may be open at once.",
    IncidentKind.BAD_REPLY: "What your code left behind could not be read.",
    IncidentKind.NOT_RUN: "This was not run, because an earlier part ended the exercise.",
    IncidentKind.OUR_FAULT: "The judge failed here. That is not your fault; please tell your teacher.",
    IncidentKind.CLAIMED_FAULT: "The judge failed here. That is not your fault; please tell your teacher.",
}


def script(text: str) -> Source:
    return Source(text=text, filename="s.py")


@pytest.mark.parametrize("kind", IncidentKind)
def test_every_kind_has_a_sentence(kind: IncidentKind, make_exercise: Make) -> None:
    frame = Frame(filename="s.py", line=3, function="solve", text="secret")
    incident = Incident(kind=kind, message="secret", exception="Secret", frames=(frame,))
    judgement = stopped(incident, make_exercise(), script("\n\n\n"))
    assert judgement.rationale == SENTENCES[kind]
    assert judgement.verdict is incident.verdict
    assert "ecret" not in judgement.rationale + judgement.help
    assert judgement.values == "Secret: secret"


@pytest.mark.parametrize(
    ("exception", "bases", "source", "name"),
    [
        ("ZeroDivisionError", ("ArithmeticError",), "", "ZeroDivisionError"),
        ("LinAlgError", ("RuntimeError",), "", "LinAlgError"),
        ("Mine", ("ValueError",), "class Mine(ValueError): pass", "Mine"),
        ("x_is_3_1415", ("ValueError",), "type(name, (ValueError,), {})", "ValueError"),
        ("x_is_3_1415", ("also_made_up",), "", "Exception"),
        ("Mine31", ("ValueError",), " ".join(f"class Mine{number}" for number in range(64)), "Mine31"),
        ("Mine31", ("ValueError",), " ".join(f"class Mine{number}" for number in range(65)), "ValueError"),
    ],
)
def test_made_up_exceptions_are_called_by_their_base(
    exception: str, bases: tuple[str, ...], source: str, name: str
) -> None:
    incident = Incident(kind=IncidentKind.EXCEPTION, message="", exception=exception, bases=bases)
    assert exception_name(incident, source) == name


@pytest.mark.parametrize(
    ("exception", "help"),
    [
        ("NotImplementedError", "The starter's `raise NotImplementedError` still stands there"),
        ("NameError", "A name is misspelt"),
        ("UnboundLocalError", "A variable is used before"),
        ("AttributeError", "print its type"),
        ("TypeError", "wrong number or type of arguments"),
        ("IndexError", "An index or axis lies outside"),
        ("KeyError", "A dict has no such key."),
        ("ZeroDivisionError", "divided by zero"),
        ("RecursionError", "calls itself without end"),
        ("LinAlgError", "not invertible"),
        ("EOFError", "Nobody answers `input()`"),
        ("ImportError", "Only torch, numpy"),
        ("RuntimeError", "Print the shapes"),
        ("Other", ""),
    ],
)
def test_usual_exceptions_are_met_with_help(exception: str, help: str, make_exercise: Make) -> None:
    incident = Incident(kind=IncidentKind.EXCEPTION, message="", exception=exception)
    assert help in stopped(incident, make_exercise(), script("")).help


@pytest.mark.parametrize(
    ("exception", "message", "help"),
    [
        ("NotImplementedError", "\"bitwise_xor_cpu\" not implemented for 'Float'", "a power is `**`"),
        ("TypeError", "unsupported operand type(s) for ^: 'float' and 'int'", "a power is `**`"),
        ("RuntimeError", "a leaf Variable that requires grad is being used in an in-place operation.", "no `*=`"),
        ("RuntimeError", "has been modified by an inplace operation", "no `*=`"),
        ("RuntimeError", "grad can be implicitly created only for scalar outputs", "starts from a number"),
        ("RuntimeError", "element 0 of tensors does not require grad", "`requires_grad=True`"),
        ("RuntimeError", "Trying to backward through the graph a second time", "`retain_graph=True`"),
        ("RuntimeError", "Can't call numpy() on Tensor that requires grad.", "Stay in torch"),
        ("RuntimeError", "The size of tensor a (2) must match", "Print the shapes"),
    ],
)
def test_usual_messages_are_met_with_help(exception: str, message: str, help: str, make_exercise: Make) -> None:
    incident = Incident(kind=IncidentKind.EXCEPTION, message=message, exception=exception)
    assert help in stopped(incident, make_exercise(), script("")).help


@pytest.mark.parametrize(
    ("exception", "base", "help"),
    [
        ("ModuleNotFoundError", "ImportError", "no other file of yours"),
        ("EOFError", "Exception", "`input()`"),
        ("NameError", "Exception", "outside functions"),
    ],
)
def test_a_file_that_stops_says_why(exception: str, base: str, help: str, make_exercise: Make) -> None:
    incident = Incident(kind=IncidentKind.IMPORT_ERROR, message="", exception=exception, bases=(base,))
    assert help in stopped(incident, make_exercise(), script("")).help


def test_the_line_is_shown_as_it_was_handed_in(make_exercise: Make) -> None:
    frame = Frame(filename="s.py", line=2, function="solve", text="what the worker says")
    incident = Incident(kind=IncidentKind.EXCEPTION, message="", exception="NameError", frames=(frame,))
    judgement = stopped(incident, make_exercise(), script("def solve(x):\n    return X\n"))
    assert judgement.rationale == "Your code raised `NameError` in line 2 (`return X`)."
    assert judgement.values == ""


def test_long_messages_are_cut(make_exercise: Make) -> None:
    incident = Incident(kind=IncidentKind.EXCEPTION, message="x" * 2000, exception="ValueError")
    assert len(stopped(incident, make_exercise(), script("")).values) < 700


def test_a_class_is_asked_for_as_a_class(make_exercise: Make) -> None:
    missing = Incident(kind=IncidentKind.MISSING_ENTRYPOINT, message="")
    assert "`class Solve:`" in stopped(missing, replace(make_exercise(), entrypoint="Solve"), script("")).help
    assert "`def solve(x):`" in stopped(missing, make_exercise(), script("")).help


def test_only_exceptions_are_raised() -> None:
    assert raised(Incident(kind=IncidentKind.EXCEPTION, message="", exception="_LinAlgError"), "LinAlgError")
    assert not raised(Incident(kind=IncidentKind.EXITED, message="", exception="SystemExit"), "SystemExit")


def test_a_line_that_the_source_does_not_have_is_not_told(make_exercise: Make) -> None:
    frames = tuple(Frame(filename="s.py", line=line, function="solve", text="") for line in (2, 31_415))
    incident = Incident(kind=IncidentKind.EXCEPTION, message="", exception="ValueError", frames=frames)
    judgement = stopped(incident, make_exercise(), script("def solve(x):\n    exec(code)\n"))
    assert judgement.rationale == "Your code raised `ValueError` in line 2 (`exec(code)`)."
    assert judgement.incident is not None
    assert line_of_incident(judgement.incident) == 2


@pytest.mark.parametrize(("lines", "told"), [(1_990, " in line 1500"), (100_000, "")])
def test_a_file_with_a_line_for_every_number_tells_none(lines: int, told: str, make_exercise: Make) -> None:
    frame = Frame(filename="s.py", line=1_500, function="solve", text="")
    incident = Incident(kind=IncidentKind.EXCEPTION, message="", exception="ValueError", frames=(frame,))
    judgement = stopped(incident, make_exercise(), script("\n" * lines))
    assert judgement.rationale == f"Your code raised `ValueError`{told}."
