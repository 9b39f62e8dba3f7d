"""A class as plain data for its page: counted in one pass, in sums for each exercise, check, mistake and incident.

Nothing of a submitter is held but a total and, of the first few, the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from torchgrade.grading.items import FEWEST, Analysis, Items, Score
from torchgrade.model.finding import Attempt, Audience, CheckResult, Finding
from torchgrade.model.report import Total
from torchgrade.model.task import Measurement
from torchgrade.model.verdict import Verdict
from torchgrade.writers.html.charts import Bar, bars
from torchgrade.writers.totals import totals

LISTED = 200
"""No table has more names."""
NAMED = 25
"""No line has more names, so that many lines have some."""
ROWS = 250
"""No table has more rows."""
SLOWEST = 10
UNDECIDED = (Verdict.SKIPPED, Verdict.UNDECIDED, Verdict.JUDGE_ERROR)
"""Nothing is known of an answer that ended so: it is not counted as wrong."""
INCIDENTS = (
    Verdict.JUDGE_ERROR,
    Verdict.INVALID_SUBMISSION,
    Verdict.TIME_LIMIT_EXCEEDED,
    Verdict.MEMORY_LIMIT_EXCEEDED,
    Verdict.OUTPUT_LIMIT_EXCEEDED,
    Verdict.RUNTIME_ERROR,
)
"""In the order in which a teacher wants to know of them."""


class Who(NamedTuple):
    """A submitter, and where on their page it stands: the number of the exercise there; 0 is the whole page."""

    submitter: str
    place: int = 0


@dataclass(slots=True)
class People:
    """How many, and the first of them."""

    count: int = 0
    named: list[Who] = field(default_factory=list)

    def add(self, who: Who) -> None:
        """One more."""
        self.count += 1
        if len(self.named) < NAMED:
            self.named.append(who)


@dataclass(slots=True)
class CheckTally:
    """A check of an exercise: how many failed it, of how many."""

    failed: int = 0
    count: int = 0

    @property
    def rate(self) -> float:
        """The share of those who failed."""
        return self.failed / self.count if self.count else 0.0


@dataclass(slots=True)
class Tally:
    """An exercise in a class."""

    exercise: str
    titles: Mapping[str, str]
    most: Fraction
    bonus: bool
    count: int = 0
    solved: int = 0
    points: Fraction = Fraction(0)
    checks: dict[str, CheckTally] = field(default_factory=dict)

    @property
    def mean(self) -> Fraction:
        """The mean of the points."""
        return self.points / self.count if self.count else Fraction(0)


@dataclass(slots=True)
class Made:
    """A mistake that was made, or a pattern in wrong numbers; `said` is what students were told of it."""

    exercise: str
    name: str
    is_pattern: bool
    said: str = ""
    people: People = field(default_factory=People)


@dataclass(slots=True)
class Incidents:
    """Attempts that ended in one unhappy way, and whose they are."""

    verdict: Verdict
    attempts: int = 0
    people: People = field(default_factory=People)
    last: str = ""


@dataclass(slots=True)
class Slow:
    """How long an exercise took, in seconds: of all attempts, and of the longest, whose it was."""

    exercise: str
    count: int = 0
    seconds: float = 0.0
    longest: float = -1.0
    submitter: str = ""

    @property
    def mean(self) -> float:
        """Seconds an attempt."""
        return self.seconds / self.count if self.count else 0.0


class Survey:
    """A class, submitter by submitter: each to `add`; where there are enough, each once more to `items.compare`."""

    def __init__(self) -> None:
        self.items = Items()
        self.most = Fraction(0)
        self.full = 0
        self.sums: list[Fraction] = []
        self.first: list[Total] = []
        self.exercises: dict[str, Tally] = {}
        self._bars = [0] * 11
        self._made: dict[tuple[str, str, bool], Made] = {}
        self._incidents: dict[Verdict, Incidents] = {}

    def add(self, own: Sequence[Attempt]) -> None:
        """All attempts of one submitter."""
        self.items.add(scores(own))
        self._count(*totals(own))
        for place, attempt in enumerate(own, 1):
            self._exercise(attempt)
            self._mistakes(attempt, Who(attempt.submitter, place))
            self._incident(attempt, Who(attempt.submitter, place))

    @property
    def count(self) -> int:
        """How many submitters there are."""
        return len(self.sums)

    @property
    def mean(self) -> Fraction:
        """The mean of the totals."""
        return sum(self.sums, Fraction(0)) / max(self.count, 1)

    @property
    def median(self) -> Fraction:
        """The median of the totals."""
        return median(self.sums) if self.count else Fraction(0)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """How many have which share of the points, by tenths; the last bar is of those who have all."""
        labels = [f"{10 * tenth}–{10 * tenth + 9}%" for tenth in range(10)]
        return bars(list(zip((*labels, "100%"), self._bars, strict=True)))

    @property
    def made(self) -> list[Made]:
        """Mistakes and patterns, the most frequent first."""
        return sorted(self._made.values(), key=lambda each: (-each.people.count, each.exercise, each.name))

    @property
    def incidents(self) -> list[Incidents]:
        """What is not simply a wrong answer, our own faults first."""
        return [self._incidents[verdict] for verdict in INCIDENTS if verdict in self._incidents]

    def _count(self, total: Total) -> None:
        self.most = max(self.most, total.max_points)
        self.sums.append(total.points)
        if len(self.first) < LISTED:
            self.first.append(total)
        if total.max_points:
            self._bars[min(10, 10 * total.points // total.max_points)] += 1
            self.full += total.points >= total.max_points

    def _exercise(self, attempt: Attempt) -> None:
        tally = self.exercises.get(attempt.exercise)
        if tally is None:
            tally = Tally(attempt.exercise, attempt.title, attempt.max_points, attempt.bonus)
            self.exercises[attempt.exercise] = tally
        if attempt.verdict is Verdict.JUDGE_ERROR:
            return
        tally.count += 1
        tally.points += attempt.points
        tally.solved += attempt.verdict is Verdict.ACCEPTED
        for check in attempt.checks:
            if check.verdict not in UNDECIDED:
                counted = tally.checks.setdefault(check.name, CheckTally())
                counted.count += 1
                counted.failed += check.verdict is not Verdict.ACCEPTED

    def _mistakes(self, attempt: Attempt, who: Who) -> None:
        patterns = dict.fromkeys(each.pattern for each in _findings(attempt.checks) if each.pattern)
        is_pattern = not attempt.mistakes
        for name in patterns if is_pattern else dict.fromkeys(attempt.mistakes):
            key = (attempt.exercise, name, is_pattern)
            made = self._made.setdefault(key, Made(attempt.exercise, name, is_pattern))
            made.people.add(who)
            if not made.said and not is_pattern:
                made.said = _told(attempt.checks, name)

    def _incident(self, attempt: Attempt, who: Who) -> None:
        if attempt.verdict not in INCIDENTS:
            return
        found = self._incidents.setdefault(attempt.verdict, Incidents(attempt.verdict))
        found.attempts += 1
        if found.people.count == 0 or found.last != who.submitter:
            found.people.add(who)
        found.last = who.submitter


def survey(attempts: Iterable[Attempt]) -> tuple[Survey, Analysis | None]:
    """The class that these are the attempts of; they are gone through twice."""
    found = Survey()
    for own in people(attempts):
        found.add(own)
    if found.count >= FEWEST:
        for own in people(attempts):
            found.items.compare(scores(own))
    return found, found.items.analysis()


def people(attempts: Iterable[Attempt]) -> Iterator[tuple[Attempt, ...]]:
    """The attempts of each submitter."""
    return (tuple(own) for _, own in groupby(attempts, key=attrgetter("submitter")))


def shared(everybody: Sequence[People]) -> list[list[Who]]:
    """Whom each line of a table names, so that the table does not name too many: the first lines come first."""
    left, named = LISTED, []
    for each in everybody:
        named.append(each.named[:left])
        left -= len(named[-1])
    return named


def scores(own: Sequence[Attempt]) -> list[Score]:
    """The points of one submitter, but for what we failed to grade."""
    return [
        Score(each.exercise, each.points, each.max_points) for each in own if each.verdict is not Verdict.JUDGE_ERROR
    ]


def slowest(measurements: Iterable[Measurement]) -> list[Slow]:
    """The exercises that take longest, the slowest first."""
    found: dict[str, Slow] = {}
    for each in measurements:
        slow, seconds = found.setdefault(each.exercise, Slow(each.exercise)), sum(each.seconds.values())
        slow.count += 1
        slow.seconds += seconds
        if seconds > slow.longest:
            slow.longest, slow.submitter = seconds, each.submitter
    return sorted(found.values(), key=lambda slow: (-slow.mean, slow.exercise))[:SLOWEST]


def _findings(checks: Iterable[CheckResult]) -> Iterator[Finding]:
    return (finding for check in checks for finding in check.findings)


def _told(checks: Iterable[CheckResult], mistake: str) -> str:
    """What students are told of a mistake: the author's words stand first."""
    told = (each for finding in _findings(checks) if finding.mistake == mistake for each in finding.feedback)
    return next((each.rationale for each in told if each.audience is Audience.STUDENT), "")
