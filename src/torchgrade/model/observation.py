"""What a worker claims: observations, or the incident that stopped it. Untrusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, Union

from torchgrade.model.probe import Probe
from torchgrade.model.said import said
from torchgrade.model.value import Tensor, Value
from torchgrade.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """After one call: the returned object, and every parameter as it was left (with its `.grad`)."""

    returned: Value
    after: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivatives:
    """By parameter of the probe's `wrt`: the product with the cotangent, of the parameter's shape.

    None where nothing connects the outcome with the parameter.

    `full` (by parameter; empty if not measured) has the shape of what is differentiated, flattened to one
    axis, followed by the parameter's shape. `shape` is the outcome's shape. `problem` says why nothing could be
    differentiated (`no graph`: the outcome does not require grad; `not floating: int64`; `not a tensor: float`;
    `no plain derivative`: what came back cannot be read).
    """

    shape: tuple[int, ...] = ()
    product: Mapping[str, Tensor | None]
    full: Mapping[str, Tensor | None] = field(default_factory=dict)
    problem: str = ""


class IncidentKind(StrEnum):
    """What stopped a measurement."""

    SYNTAX_ERROR = "syntax_error"
    IMPORT_ERROR = "import_error"
    MISSING_ENTRYPOINT = "missing_entrypoint"
    NOT_CALLABLE = "not_callable"
    WRONG_SIGNATURE = "wrong_signature"
    UNREADABLE = "unreadable"
    NOT_ALLOWED = "not_allowed"
    EXCEPTION = "exception"
    EXITED = "exited"
    CRASHED = "crashed"
    TIME_LIMIT = "time_limit"
    CPU_LIMIT = "cpu_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    THREAD_LIMIT = "thread_limit"
    FILE_LIMIT = "file_limit"
    BAD_REPLY = "bad_reply"
    NOT_RUN = "not_run"
    OUR_FAULT = "our_fault"
    CLAIMED_FAULT = "claimed_fault"


VERDICTS: Mapping[IncidentKind, Verdict] = {
    IncidentKind.SYNTAX_ERROR: Verdict.INVALID_SUBMISSION,
    IncidentKind.IMPORT_ERROR: Verdict.INVALID_SUBMISSION,
    IncidentKind.MISSING_ENTRYPOINT: Verdict.INVALID_SUBMISSION,
    IncidentKind.NOT_CALLABLE: Verdict.INVALID_SUBMISSION,
    IncidentKind.WRONG_SIGNATURE: Verdict.INVALID_SUBMISSION,
    IncidentKind.UNREADABLE: Verdict.INVALID_SUBMISSION,
    IncidentKind.NOT_ALLOWED: Verdict.RULE_VIOLATION,
    IncidentKind.EXCEPTION: Verdict.RUNTIME_ERROR,
    IncidentKind.EXITED: Verdict.RUNTIME_ERROR,
    IncidentKind.CRASHED: Verdict.RUNTIME_ERROR,
    IncidentKind.TIME_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    IncidentKind.CPU_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    IncidentKind.MEMORY_LIMIT: Verdict.MEMORY_LIMIT_EXCEEDED,
    IncidentKind.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT_EXCEEDED,
    IncidentKind.THREAD_LIMIT: Verdict.RUNTIME_ERROR,
    IncidentKind.FILE_LIMIT: Verdict.RUNTIME_ERROR,
    IncidentKind.BAD_REPLY: Verdict.RUNTIME_ERROR,
    IncidentKind.NOT_RUN: Verdict.SKIPPED,
    IncidentKind.OUR_FAULT: Verdict.JUDGE_ERROR,
    IncidentKind.CLAIMED_FAULT: Verdict.JUDGE_ERROR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One line of a traceback, in the student's own file."""

    filename: str
    line: int
    function: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What stopped a measurement, in one sentence for the student, and where in their code.

    `exception` is the class's name and `bases` the names of all its bases, if an exception did it. `message` is
    the exception's own text (student text: untrusted, cut to 2,000 characters) or ours.
    """

    kind: IncidentKind
    message: str
    exception: str = ""
    bases: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return VERDICTS[self.kind]


READ_ONCE = Incident(kind=IncidentKind.BAD_REPLY, message=said("The file could be read once, and not a second time."))
"""Instead of why a file cannot be loaded, which is told in full, where that could be a hidden input."""

Observation: TypeAlias = Union[Snapshot, Derivatives]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceeded:
    """A limit that was passed: its name in an exercise's `limits`, and in its unit what was allowed and what was used.

    `used` is what it was when it was noticed, and None if only the kernel knows, which refused it.
    """

    limit: str
    allowed: float
    used: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came back for one Plan: an Observation or Incident for every Probe, and what each case printed.

    `printed` is cut to 64 KiB a case. `seconds` and `exceeded` (by case; "" is the reading of the file) and
    `peak_bytes` go to measurements, never into a report.
    """

    observations: Mapping[Probe, Observation | Incident]
    printed: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    exceeded: Mapping[str, Exceeded] = field(default_factory=dict)
    peak_bytes: int = 0
