"""How much was used of a limit that was passed: for measurements, never for a report."""

from __future__ import annotations

import re
from collections.abc import Iterable

from torchgrade.model.exercise import Limits
from torchgrade.model.observation import Exceeded, Incident, IncidentKind
from torchgrade.sandbox.exchange import Exchange, Failure

_ASKED = re.compile(r"([\d,]{1,12}) MB of memory were asked for at once;")


def noticed(exchange: Exchange) -> Exceeded | None:
    """What the parent itself measured."""
    allowed = exchange.allowed
    match exchange.failure:
        case Failure.TIME:
            limit, most = "seconds", allowed.seconds
        case Failure.PROCESSOR:
            limit, most = "cpu_seconds", allowed.cpu_seconds
        case Failure.THREADS:
            limit, most = "threads", float(allowed.limits.threads)
        case Failure.OUTPUT:
            limit, most = "output_megabytes", float(allowed.limits.output_megabytes)
        case _:
            return None
    return Exceeded(limit=limit, allowed=most, used=exchange.used)


def claimed(answers: Iterable[object], limits: Limits) -> Exceeded | None:
    """What the worker was refused by the kernel, as it says."""
    for answer in answers:
        match answer:
            case Incident(kind=IncidentKind.MEMORY_LIMIT):
                return Exceeded(limit="megabytes", allowed=limits.megabytes, used=_asked(answer.message))
            case Incident(kind=IncidentKind.THREAD_LIMIT):
                return Exceeded(limit="threads", allowed=limits.threads, used=None)
            case Incident(kind=IncidentKind.FILE_LIMIT):
                return Exceeded(limit="files", allowed=limits.files, used=None)
    return None


def _asked(message: str) -> float | None:
    found = _ASKED.match(message)
    return float(found[1].replace(",", "")) if found and found[1].strip(",") else None
