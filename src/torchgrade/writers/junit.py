"""`junit.xml`: a test case for each check of each attempt, for CI systems; the text of a failure is the student's.

    <testsuite name="alice"> <testcase classname="alice" name="linalg/solve::value"> <failure>…

Points are properties of the test case, cut to two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from torchgrade.model.finding import Attempt, CheckResult
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.writers.escape import xml
from torchgrade.writers.totals import shown
from torchgrade.writers.words import Loss, losses, words

if TYPE_CHECKING:
    from junitparser import TestCase, TestSuite
    from junitparser.junitparser import FinalResult


class Junit:
    """JUnit XML, in the part of it that GitLab, Jenkins and GitHub's actions read."""

    kind: ClassVar[str] = "junit"
    filename: ClassVar[str] = "junit.xml"

    def render(self, header: Header, attempts: Iterable[Attempt]) -> Iterator[bytes]:
        yield b'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="torchgrade">\n'
        for submitter, own in groupby(attempts, key=lambda attempt: attempt.submitter):
            suite: bytes = _suite(header, submitter, own).tostring()  # one at a time: a class need not fit in memory
            yield suite + b"\n"
        yield b"</testsuites>\n"


def _suite(header: Header, submitter: str, attempts: Iterable[Attempt]) -> TestSuite:
    from junitparser import TestSuite

    suite = TestSuite(xml(submitter))
    for name, version in header.versions.items():
        suite.add_property(xml(name), xml(version))
    suite.add_testcases([case for attempt in attempts for case in _cases(attempt)])
    return suite


def _cases(attempt: Attempt) -> Iterator[TestCase]:
    lost = {check.name: reasons for check, reasons in losses(attempt)}
    for check in attempt.checks:
        case = _case(attempt, check)
        if check.name in lost:
            case.result = [_result(check, lost[check.name])]
        yield case


def _case(attempt: Attempt, check: CheckResult) -> TestCase:
    from junitparser import Properties, Property, TestCase

    case = TestCase(f"{attempt.exercise}::{xml(check.name)}", classname=xml(attempt.submitter), time=0.0)
    properties = Properties()  # type: ignore[no-untyped-call] # junitparser leaves these two untyped
    properties.add_property(Property("points", shown(check.points)))
    properties.add_property(Property("max_points", shown(check.max_points)))
    if check.observed:
        properties.add_property(Property("observed", "not proven"))
    case.append(properties)  # type: ignore[no-untyped-call]
    return case


def _result(check: CheckResult, lost: Iterable[Loss]) -> FinalResult:
    from junitparser import Error, Failure, Skipped

    kinds = {Verdict.SKIPPED: Skipped, Verdict.UNDECIDED: Skipped, Verdict.JUDGE_ERROR: Error}
    result: FinalResult = kinds.get(check.verdict, Failure)(words(check.verdict), check.verdict.value)
    result.text = xml("\n".join(line for loss in lost for line in _lines(loss)))
    return result


def _lines(loss: Loss) -> Iterator[str]:
    for feedback in loss.feedback:
        yield f"{loss.place}{feedback.rationale}"
        if feedback.help:
            yield f"  {feedback.help}"
    if loss.more:
        yield loss.more
