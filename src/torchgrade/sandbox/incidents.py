"""What the parent saw, told as Incidents."""

from __future__ import annotations

import signal
from dataclasses import replace

from torchgrade.model.exercise import Limits
from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.said import said
from torchgrade.sandbox.allowance import Allowance
from torchgrade.sandbox.exchange import Exchange, Failure
from torchgrade.wire.control import CONNECTION_LOST, NOT_CONFINED

MOST_TIMEOUTS = 2
MOST_DEATHS = 3
_OUT_OF_TIME = "SIGXCPU"  # by its name: Windows has none
_SIGNAL, _CODE = 0x7F, 8
"""The parts of a wait status."""


def failed(exchange: Exchange, status: int) -> Incident:
    """Why a request got no reply; `status` is how the process ended."""
    limits = exchange.allowed.limits
    match exchange.failure:
        case Failure.TIME:
            return _time(exchange.allowed)
        case Failure.PROCESSOR:
            return _processor(exchange.allowed)
        case Failure.THREADS:
            words = said("The code had more than {threads} threads at once.", threads=limits.threads)
            return _incident(IncidentKind.THREAD_LIMIT, words)
        case Failure.OUTPUT:
            words = said("The code printed more than {megabytes} MB.", megabytes=limits.output_megabytes)
            return _incident(IncidentKind.OUTPUT_LIMIT, words)
        case Failure.GARBAGE:
            return disturbed(exchange.problem)
        case _:
            return _ended(status, exchange.allowed)


def disturbed(problem: str) -> Incident:
    """The process said what is no answer."""
    words = said("The code disturbed its connection with the grader: {problem}.", problem=problem)
    return _incident(IncidentKind.BAD_REPLY, words)


def claimed(incident: Incident, limits: Limits) -> Incident:
    """What the worker says that the code ran into, in our words: only an exception's own are its own."""
    match incident.kind:
        case IncidentKind.THREAD_LIMIT:
            words = said(
                "No further thread could be started: {threads} are allowed, and their stacks count as memory "
                "({megabytes:,} MB).",
                threads=limits.threads,
                megabytes=limits.megabytes,
            )
            return replace(incident, message=words)
        case IncidentKind.FILE_LIMIT:
            words = said("More than {files} files were to be open at once.", files=limits.files)
            return replace(incident, message=words)
        case IncidentKind.OUTPUT_LIMIT | IncidentKind.MEMORY_LIMIT if not incident.exception:
            return replace(incident, message=said("What was returned is too large to be read."))
        case IncidentKind.EXITED if not incident.exception:
            return replace(incident, message="")
        case _:
            return incident


def not_run(timeouts: int) -> Incident:
    """A case that was given up before it began."""
    words = said("This case was not run: before it, the process ended three times.")
    if timeouts >= MOST_TIMEOUTS:
        words = said("This case was not run: before it, the code ran out of time twice.")
    return _incident(IncidentKind.NOT_RUN, words)


def too_much() -> Incident:
    """All that was returned, together."""
    return _incident(
        IncidentKind.OUTPUT_LIMIT, said("What was returned in all cases together is too large to be kept.")
    )


def our_fault(message: str) -> Incident:
    """Something of ours broke."""
    return _incident(IncidentKind.OUR_FAULT, message)


def never_began(status: int, printed: str) -> Incident:
    """A process that ended before it had read what it was to run."""
    heard = printed.strip() or "it said nothing"
    if _exit_code(status) == NOT_CONFINED:
        return our_fault(f"A process could not be confined, and ran nothing: {heard}")
    return our_fault(f"A process ended before it ran anything, {_manner(status)}: {heard}")


def _incident(kind: IncidentKind, message: str) -> Incident:
    return Incident(kind=kind, message=message)


def _time(allowed: Allowance) -> Incident:
    """In the words of the exercise: what was measured, if only of the reference, differs from run to run."""
    if allowed.is_loading:
        words = said(
            "The file did not run to its end within {time}: look at what stands outside functions.",
            time=_seconds(allowed.seconds),
        )
    elif allowed.is_widened:
        words = said(
            "There was no answer within {time}, nor within {times:g} times what the reference takes.",
            time=_seconds(allowed.limits.seconds),
            times=allowed.limits.times_reference,
        )
    else:
        words = said("There was no answer within {time}.", time=_seconds(allowed.limits.seconds))
    return _incident(IncidentKind.TIME_LIMIT, words)


def _processor(allowed: Allowance) -> Incident:
    if allowed.is_loading:
        words = said(
            "The file used more than {time} of processor time: look at what stands outside functions.",
            time=_seconds(allowed.cpu_seconds),
        )
    elif allowed.is_widened:
        words = said(
            "The code used more than {time} of processor time, and more than {times:g} times what the reference takes.",
            time=_seconds(allowed.written_cpu_seconds),
            times=allowed.limits.times_reference,
        )
    else:
        words = said("The code used more than {time} of processor time.", time=_seconds(allowed.written_cpu_seconds))
    return _incident(IncidentKind.CPU_LIMIT, words)


def _seconds(number: float) -> str:
    return said("{number:g} second", number=number) if number == 1 else said("{number:g} seconds", number=number)


def _ended(status: int, allowed: Allowance) -> Incident:
    code = _exit_code(status)
    if code < 0 and _signal_name(-code) == _OUT_OF_TIME:
        return _processor(allowed)
    if code < 0:
        return _incident(IncidentKind.CRASHED, said("The process was ended {how}.", how=_manner(status)))
    if code == CONNECTION_LOST:
        return disturbed(said("it was closed"))
    return _incident(IncidentKind.EXITED, said("The code ended the process itself, {how}.", how=_manner(status)))


def _manner(status: int) -> str:
    code = _exit_code(status)
    if code >= 0:
        return said("with status {code}", code=code)
    return said("by the signal {name}", name=_signal_name(-code))


def _exit_code(status: int) -> int:
    """As os.waitstatus_to_exitcode, which knows no signals on Windows."""
    number = status & _SIGNAL
    return -number if number else status >> _CODE


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
