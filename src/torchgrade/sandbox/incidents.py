"""What the parent saw, told as Incidents."""

from __future__ import annotations

import signal
from dataclasses import replace

from torchgrade.model.exercise import Limits
from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.sandbox.allowance import Allowance
from torchgrade.sandbox.exchange import Exchange, Failure
from torchgrade.wire.control import CONNECTION_LOST, NOT_CONFINED

MOST_TIMEOUTS = 2
MOST_DEATHS = 3
_OUT_OF_TIME = "SIGXCPU"  # by its name: Windows has none
_SIGNAL, _CODE = 0x7F, 8
"""The parts of a wait status."""
_OUTSIDE = "look at what stands outside functions"


def failed(exchange: Exchange, status: int) -> Incident:
    """Why a request got no reply; `status` is how the process ended."""
    limits = exchange.allowed.limits
    match exchange.failure:
        case Failure.TIME:
            return _time(exchange.allowed)
        case Failure.PROCESSOR:
            return _processor(exchange.allowed)
        case Failure.THREADS:
            return _incident(IncidentKind.THREAD_LIMIT, f"The code had more than {limits.threads} threads at once.")
        case Failure.OUTPUT:
            return _incident(IncidentKind.OUTPUT_LIMIT, f"The code printed more than {limits.output_megabytes} MB.")
        case Failure.GARBAGE:
            return disturbed(exchange.problem)
        case _:
            return _ended(status, exchange.allowed)


def disturbed(problem: str) -> Incident:
    """The process said what is no answer."""
    return _incident(IncidentKind.BAD_REPLY, f"The code disturbed its connection with the grader: {problem}.")


def claimed(incident: Incident, limits: Limits) -> Incident:
    """A limit of the kernel's that the code ran into, as the worker says, in our words."""
    match incident.kind:
        case IncidentKind.THREAD_LIMIT:
            room = f"{limits.threads} are allowed, and their stacks count as memory ({limits.megabytes:,} MB)"
            return replace(incident, message=f"No further thread could be started: {room}.")
        case IncidentKind.FILE_LIMIT:
            return replace(incident, message=f"More than {limits.files} files were to be open at once.")
        case _:
            return incident


def not_run(timeouts: int) -> Incident:
    """A case that was given up before it began."""
    reason = "the code ran out of time twice" if timeouts >= MOST_TIMEOUTS else "the process ended three times"
    return _incident(IncidentKind.NOT_RUN, f"This case was not run: before it, {reason}.")


def too_much() -> Incident:
    """All that was returned, together."""
    return _incident(IncidentKind.OUTPUT_LIMIT, "What was returned in all cases together is too large to be kept.")


def our_fault(message: str) -> Incident:
    """Something of ours broke."""
    return _incident(IncidentKind.OUR_FAULT, message)


def never_began(status: int, printed: str) -> Incident:
    """A process that ended before it had read what it was to run."""
    said = printed.strip() or "it said nothing"
    if _exit_code(status) == NOT_CONFINED:
        return our_fault(f"A process could not be confined, and ran nothing: {said}")
    return our_fault(f"A process ended before it ran anything, {_manner(status)}: {said}")


def _incident(kind: IncidentKind, message: str) -> Incident:
    return Incident(kind=kind, message=message)


def _time(allowed: Allowance) -> Incident:
    """In the words of the exercise: what was measured, if only of the reference, differs from run to run."""
    if allowed.is_loading:
        words = f"The file did not run to its end within {_seconds(allowed.seconds)}: {_OUTSIDE}."
    else:
        words = f"There was no answer within {_seconds(allowed.limits.seconds)}{_patience(allowed, ', nor within ')}."
    return _incident(IncidentKind.TIME_LIMIT, words)


def _processor(allowed: Allowance) -> Incident:
    if allowed.is_loading:
        words = f"The file used more than {_seconds(allowed.cpu_seconds)} of processor time: {_OUTSIDE}."
    else:
        written = _seconds(allowed.written_cpu_seconds)
        words = f"The code used more than {written} of processor time{_patience(allowed, ', and more than ')}."
    return _incident(IncidentKind.CPU_LIMIT, words)


def _patience(allowed: Allowance, joint: str) -> str:
    return f"{joint}{allowed.limits.times_reference:g} times what the reference takes" if allowed.is_widened else ""


def _seconds(number: float) -> str:
    return f"{number:g} second{'' if number == 1 else 's'}"


def _ended(status: int, allowed: Allowance) -> Incident:
    code = _exit_code(status)
    if code < 0 and _signal_name(-code) == _OUT_OF_TIME:
        return _processor(allowed)
    if code < 0:
        return _incident(IncidentKind.CRASHED, f"The process was ended {_manner(status)}.")
    if code == CONNECTION_LOST:
        return disturbed("it was closed")
    return _incident(IncidentKind.EXITED, f"The code ended the process itself, {_manner(status)}.")


def _manner(status: int) -> str:
    code = _exit_code(status)
    return f"with status {code}" if code >= 0 else f"by the signal {_signal_name(-code)}"


def _exit_code(status: int) -> int:
    """As os.waitstatus_to_exitcode, which knows no signals on Windows."""
    number = status & _SIGNAL
    return -number if number else status >> _CODE


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
