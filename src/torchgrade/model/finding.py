"""How a check came out: the numbers of a mismatch, the words for it, and the points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.observation import Incident, Observation
from torchgrade.model.probe import Probe
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
    source: str
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
    """One check on one case. `visible` says whether students may see the case's values."""

    case: str
    verdict: Verdict
    visible: bool = True
    mistake: str = ""
    pattern: str = ""
    feedback: tuple[Feedback, ...] = ()
    comparison: Comparison | None = None
    reproduction: str = ""
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
    """One Submission graded against one Exercise."""

    submitter: str
    exercise: str
    title: Mapping[str, str] = field(default_factory=dict)
    verdict: Verdict
    points: Fraction
    max_points: Fraction
    mistakes: tuple[str, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    file: str = ""
    line: int = 0
    printed: str = ""
    exercise_digest: str = ""
    submission_digest: str = ""
