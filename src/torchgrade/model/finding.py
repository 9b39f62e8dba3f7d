"""How a check came out: the numbers of a mismatch, the words for it, and the points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.observation import Incident, Observation
from torchgrade.model.probe import Probe, Source
from torchgrade.model.target import Target, Targets
from torchgrade.model.value import Value
from torchgrade.model.verdict import Verdict


class Stage(StrEnum):
    """The first thing that differs, in the order things are looked at."""

    EQUAL = "equal"
    STRUCTURE = "structure"
    TYPE = "type"
    SHAPE = "shape"
    DTYPE = "dtype"
    MASK = "mask"
    NUMBERS = "numbers"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The numbers of a mismatch. `mismatched` of `total` elements differ; the greatest difference is at `index`."""

    stage: Stage
    outcome: str = ""
    mismatched: int = 0
    total: int = 0
    difference: float = 0.0
    relative: float = 0.0
    index: tuple[int, ...] = ()
    observed: str = ""
    expected: str = ""
    allowed: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A mismatch to look at: a part of two tensors side by side, at most 12 rows of 12, with the worst element in it.

    Rows are texts, their elements separated by one space. `observed` and `expected` have just enough digits for what
    differs; where both texts are equal the element is right. `error` is signed, in units of `allowed` (within -1..1 is
    right), or the plain difference where nothing is allowed; of complex numbers it is the size.

    `shape` is the whole tensor's and `index` the worst element's. The rows and columns are those of its last two axes,
    from `first` on, at that index on all other axes; a tensor with one axis is one row. Where that is not all of them,
    `blocks` shows the error over all of both axes: the worst of each `block` rows and columns, at most 16 by 16.
    """

    shape: tuple[int, ...]
    index: tuple[int, ...]
    first: tuple[int, ...]
    observed: tuple[str, ...]
    expected: tuple[str, ...]
    error: tuple[str, ...]
    allowed: float = 0.0
    blocks: tuple[str, ...] = ()
    block: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Lines of the file that was handed in, as they stand there: the entry point's, or those around a failing line.

    `file` is the file or the cell, and `line` the number of the first of them.
    """

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """What was observed beside what was expected, for recognising patterns; never written to a report."""

    outcome: str
    observed: Value | None
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything a check may look at for one case (`case` is None for a check of the source).

    `probes` are those that the check asks for in this case.
    """

    exercise: Exercise
    case: Case | None
    source: Source
    probes: tuple[Probe, ...]
    observed: Mapping[Probe, Observation | Incident]
    targets: Mapping[Probe, Targets]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a check says of one case.

    `rationale` and `help` hold no values, so that a hidden case may use them; what shows values goes to `values`,
    told to students of visible cases only.
    """

    verdict: Verdict
    rationale: str = ""
    help: str = ""
    values: str = ""
    comparison: Comparison | None = None
    mismatch: Mismatch | None = None
    incident: Incident | None = None


class Audience(StrEnum):
    """Who may read a sentence."""

    STUDENT = "student"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What is wrong, and what to try."""

    audience: Audience
    rationale: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check on one case. `visible` says whether students may see the case's values.

    `grid` stands in the first visible case of a check in which numbers differ, and in no hidden one. `line` is counted
    in `part`, a notebook's cell or a module beside the code; in the file itself if that is empty.
    """

    case: str
    verdict: Verdict
    visible: bool = True
    mistake: str = ""
    pattern: str = ""
    feedback: tuple[Feedback, ...] = ()
    comparison: Comparison | None = None
    grid: Grid | None = None
    reproduction: str = ""
    part: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check over all its cases. `observed`: it was seen beside the submission's code, which may lie; not proven."""

    name: str
    kind: str
    verdict: Verdict
    points: Fraction
    max_points: Fraction
    condition: bool = False
    observed: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One Submission graded against one Exercise. `code` is there for what was not accepted.

    A `bonus` adds its points to a total and nothing to what is possible. `part` and `line` are as in a Finding.
    """

    submitter: str
    exercise: str
    title: Mapping[str, str] = field(default_factory=dict)
    verdict: Verdict
    points: Fraction
    max_points: Fraction
    bonus: bool = False
    mistakes: tuple[str, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    file: str = ""
    part: str = ""
    line: int = 0
    code: Code | None = None
    printed: str = ""
    exercise_digest: str = ""
    submission_digest: str = ""
