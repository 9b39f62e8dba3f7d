"""`junit.xml`: a test case for each check of each attempt, for CI systems.

    <testsuite name="alice"> <testcase classname="week1.alice" name="linalg/solve::value"> <failure>…

It suits GitLab (which shows the class name as the suite, drops what has the same names, and takes no file of 30 MB) and
Jenkins (which reads properties before test cases). Points are properties of the suite and of each test case, cut to two
decimals. There are no times: they are in measurements.jsonl.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from torchgrade.grading.audience import Readable
from torchgrade.model.finding import Attempt, Audience, CheckResult
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import xml
from torchgrade.writers.totals import shown, totals
from torchgrade.writers.words import Loss, losses, sentences, words

if TYPE_CHECKING:
    from junitparser import TestCase, TestSuite
    from junitparser.junitparser import FinalResult

MOST_BYTES = 29_000_000
MOST_TEXT = 4_000
"""Characters of a failure, and of what the code printed."""
_ATTACHMENT = "[[ATTACHMENT"
_DECLARATION = re.compile(rb"\A<\?xml[^>]*>\s*")
"""Where lxml is installed, junitparser begins each suite with one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Junit:
    """JUnit XML, in the part of it that GitLab, Jenkins and GitHub's actions read."""

    kind: ClassVar[str] = "junit"
    filename: ClassVar[str] = "junit.xml"
    audiences: ClassVar[tuple[Audience, ...]] = (Audience.STUDENT, Audience.STAFF)
    audience: Audience = Audience.STUDENT

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        yield b'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="torchgrade">\n'
        names, room, left_out = _Names(), MOST_BYTES, 0
        readable = Readable(attempts, self.audience)
        for submitter, own in groupby(readable, key=lambda attempt: attempt.submitter):
            suite = b"" if left_out else _Writing(header, names.of(submitter), self.audience).suite(tuple(own))
            room -= len(suite)
            if left_out or room < 0:
                left_out += 1
            else:
                yield suite
        if left_out:
            yield _bytes(_left_out(left_out))
        yield b"</testsuites>\n"


class _Names:
    """Names as XML may hold them, each given once: of several that look alike, the later ones are numbered."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def of(self, name: str) -> str:
        """The name, if it was not given before."""
        told = xml(name)
        self._given[told] += 1
        return told if self._given[told] == 1 else self.of(f"{told} ({self._given[told]})")


@dataclass(frozen=True, slots=True)
class _Writing:
    """The suite of one submitter, whose name is unique."""

    header: Header
    name: str
    audience: Audience

    def suite(self, attempts: tuple[Attempt, ...]) -> bytes:
        from junitparser import TestSuite

        suite = TestSuite(self.name)
        (total,) = totals(attempts)
        sums = {"points": shown(total.points), "max_points": shown(total.max_points)}
        for name, value in {**self.header.versions, **sums}.items():
            suite.add_property(xml(name), xml(value))
        names = _Names()
        suite.add_testcases([case for attempt in attempts for case in self._cases(attempt, names)])
        return _bytes(suite)

    def _cases(self, attempt: Attempt, names: _Names) -> Iterator[TestCase]:
        lost = {check.name: reasons for check, reasons in losses(attempt, self.audience)}
        printed = attempt.printed
        for check in attempt.checks:
            case = self._case(attempt, check, names.of(f"{attempt.exercise}::{check.name}"))
            if check.name in lost:
                case.result = [_result(check, lost[check.name], self.header.language)]
                if printed:
                    case.system_out, printed = _text(printed), ""
            yield case

    def _case(self, attempt: Attempt, check: CheckResult, name: str) -> TestCase:
        from junitparser import Properties, Property

        classname = f"{xml(self.header.assignment)}.{self.name}" if self.header.assignment else self.name
        case = _case_in_a_file()(name, classname=classname, time=0.0)
        case.file = xml(attempt.file) or None  # type: ignore[attr-defined] # see _case_in_a_file
        properties = Properties()  # type: ignore[no-untyped-call] # junitparser leaves these two untyped
        properties.add_property(Property("points", shown(check.points)))
        properties.add_property(Property("max_points", shown(check.max_points)))
        if check.observed:
            properties.add_property(Property("observed", "not proven"))
        case.append(properties)  # type: ignore[no-untyped-call]
        return case


@cache
def _case_in_a_file() -> type[TestCase]:
    """A test case that says in which file it is, as GitLab reads it."""
    from junitparser import Attr, TestCase

    class Case(TestCase):
        file = Attr()

    return Case


def _result(check: CheckResult, lost: Iterable[Loss], language: str) -> FinalResult:
    from junitparser import Error, Failure, Skipped

    kinds = {Verdict.SKIPPED: Skipped, Verdict.UNDECIDED: Skipped, Verdict.JUDGE_ERROR: Error}
    result: FinalResult = kinds.get(check.verdict, Failure)(words(check.verdict, language), check.verdict.value)
    result.text = _text("\n".join(sentences(lost, language)))
    return result


def _text(text: str) -> str:
    """Text in an element, not too long; GitLab would take `[[ATTACHMENT|…]]` for a file to link to."""
    cut = text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"
    return xml(cut).replace(_ATTACHMENT, f"[[\N{ZERO WIDTH SPACE}{_ATTACHMENT[2:]}")


def _left_out(submitters: int) -> TestSuite:
    """What stands in the place of suites for which there is no room: said, and not passed over."""
    from junitparser import Skipped, TestCase, TestSuite

    case = TestCase("left out", classname="torchgrade", time=0.0)
    case.result = [Skipped(f"{submitters} submitters are left out: CI systems take no file of 30 MB; see report.json")]
    suite = TestSuite("torchgrade")
    suite.add_testcases([case])
    return suite


def _bytes(suite: TestSuite) -> bytes:
    written: bytes = suite.tostring()  # type: ignore[no-untyped-call]
    return _DECLARATION.sub(b"", written, count=1) + b"\n"
