"""What to measure: pure data that the trusted side writes and the worker obeys."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from torchgrade.model.case import Case
from torchgrade.model.exercise import Limits, Python
from torchgrade.model.value import Tensor


class ProbeOp(StrEnum):
    """The measurements there are; each is a file in `worker/probes/`."""

    VALUE = "value"
    GRADIENT = "gradient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One measurement of one case.

    `value`: call once; what was returned and what is left in the parameters (a Snapshot).

    `gradient`: call once, with the parameters `wrt` as leaves that require grad; let f be the
    returned value named `of`. With the tape c (see below), S_0 = <c, f> and S_k = sum over wrt of <c, dS_(k-1)/dp>;
    the measurement is g = dS_(order-1)/dp for every p of `wrt` (Derivatives.product). If what g differentiates (f for
    order 1, else the derivatives of the order below, flattened and joined in the order of `wrt`) has at most `full`
    elements, each of its rows is measured as well (Derivatives.full).

    The tape is the endless repetition of `cotangent`, non-zero integers, read on without a break: first one for each
    element of f (row by row), then one for each element of the first derivatives, and so on. Both sides read it alike.
    `seeds`, if not empty, are explicit cotangents for several returned values at once instead of <c, f>
    (S_0 = sum of <seed, value>), for a gradient `of` a formula over results; then `of` is only a label and `full` is 0.
    """

    op: ProbeOp
    case: str
    of: str = ""
    wrt: tuple[str, ...] = ()
    order: int = 1
    cotangent: tuple[int, ...] = ()
    full: int = 0
    seeds: tuple[tuple[str, Tensor], ...] = ()

    def __hash__(self) -> int:
        """Of what is short: nearly all probes of a plan differ in that, and they are looked up all the time."""
        return hash((self.case, self.of, self.wrt, self.order))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All Probes of an Attempt, duplicates merged, cases in the order they run: visible ones first, and the first of
    them once more at the end (`grading.repeat`).

    `returns` are the names of what the entry point returns: none, one (the value itself) or several.
    `reference_seconds` is the longest that the reference function took in a case; 0 if it was not measured.
    `kept` is for the sandbox: the questions of the plan, encoded with the first submission and sent to all.
    """

    entrypoint: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    call: Python | None
    limits: Limits
    cases: tuple[Case, ...]
    probes: tuple[Probe, ...]
    reference_seconds: float = 0.0
    kept: dict[tuple[str, tuple[Probe, ...]], bytes] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a notebook within the `text` of its Source: its name (`hw1.ipynb[cell 7]`) and the line it begins at.

    `problem` is what Python says of a cell that it cannot read, which stands in the text as comments, and `line` where.
    """

    name: str
    first: int
    problem: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Python code to run in a sandbox; `filename` is what its tracebacks say.

    `files` are what else was handed in and is allowed, by path below the submission's own folder, with `/`: modules
    that the code imports and data that it opens. They are in memory only. `cells`, in order, are there if it is a
    notebook. Lines are counted over everything, as `model.places` tells.
    """

    text: str
    filename: str
    files: tuple[tuple[str, bytes], ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One source and the plans to measure with it: what one child process is asked to do."""

    source: Source
    plans: tuple[Plan, ...]
