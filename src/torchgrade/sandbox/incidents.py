"""What the parent saw, told as Incidents."""

from __future__ import annotations

import os
import signal

from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.sandbox.exchange import MAX_OUTPUT, Exchange, Failure
from torchgrade.wire.control import CONNECTION_LOST

MOST_TIMEOUTS = 2
MOST_DEATHS = 3
_MEGABYTE = 2**20


def failed(exchange: Exchange, status: int, loading: bool) -> Incident:
    """Why a request got no reply; `status` is how the process ended, `loading` whether it was to read the file."""
    match exchange.failure:
        case Failure.TIME:
            return _time(exchange.allowed, loading)
        case Failure.OUTPUT:
            return Incident(
                kind=IncidentKind.OUTPUT_LIMIT, message=f"The code printed more than {MAX_OUTPUT // _MEGABYTE} MB."
            )
        case Failure.GARBAGE:
            return disturbed(exchange.problem)
        case _:
            return _ended(status, exchange.allowed, loading)


def disturbed(problem: str) -> Incident:
    """The process said what is no answer."""
    return Incident(
        kind=IncidentKind.BAD_REPLY, message=f"The code disturbed its connection with the grader: {problem}."
    )


def not_run(timeouts: int) -> Incident:
    """A case that was given up before it began."""
    reason = "the code ran out of time twice" if timeouts >= MOST_TIMEOUTS else "the process ended three times"
    return Incident(kind=IncidentKind.NOT_RUN, message=f"This case was not run: before it, {reason}.")


def our_fault(message: str) -> Incident:
    """Something of ours broke."""
    return Incident(kind=IncidentKind.OUR_FAULT, message=message)


def _time(seconds: float, loading: bool) -> Incident:
    limit = f"{seconds:g} second{'' if seconds == 1 else 's'}"
    message = (
        f"The file did not run to its end within {limit}: look at what stands outside functions."
        if loading
        else f"There was no answer within {limit}."
    )
    return Incident(kind=IncidentKind.TIME_LIMIT, message=message)


def _ended(status: int, seconds: float, loading: bool) -> Incident:
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGXCPU:
        return _time(seconds, loading)
    if code < 0:
        return Incident(
            kind=IncidentKind.CRASHED, message=f"The process was ended by the signal {_signal_name(-code)}."
        )
    if code == CONNECTION_LOST:
        return disturbed("it was closed")
    return Incident(kind=IncidentKind.EXITED, message=f"The code ended the process itself, with status {code}.")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
