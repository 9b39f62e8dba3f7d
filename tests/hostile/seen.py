"""What a student sees of an attempt, in every format, and what its text does there."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

from torchgrade.model.finding import Attempt, Audience, CheckResult, Finding
from torchgrade.model.report import Header
from torchgrade.writers import WRITERS

FOR_STUDENTS = ("markdown", "terminal", "junit", "github")
"""The formats that hold only what students may read; `json` is for staff."""
_PRINTED = ("markdown", "terminal", "github")
"""Those that a job prints to its log, where a line may be a command."""
INJECTED = "INJECTED"
"""The word that stands in every hostile text, where something of ours would stand."""
_HEADER = Header(versions={}, isolation="", seed="")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")
_FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^::[^:]*" + INJECTED, re.MULTILINE)
_CODE = re.compile(r"(`+)[^`].*?\1")
_MARKUP = re.compile(r"(?<!\\)<script|!\[\]\(|^\| " + INJECTED, re.MULTILINE)


def reports(attempt: Attempt) -> dict[str, str]:
    """The attempt in each format for students, and the part of the one for staff that students may know."""
    written = {kind: _written(kind, attempt) for kind in FOR_STUDENTS}
    return written | {"json": _written("json", replace(attempt, checks=tuple(_told(each) for each in attempt.checks)))}


def injections(written: dict[str, str]) -> Iterator[str]:
    """Where a text of a submission does something instead of being read."""
    for kind in FOR_STUDENTS:
        if _CONTROL.search(written[kind]):
            yield f"{kind}: control characters"
        if kind in _PRINTED and _COMMAND.search(written[kind]):
            yield f"{kind}: a workflow command"
    if _MARKUP.search(_CODE.sub("", _FENCE.sub("", written["markdown"]))):
        yield "markdown: markup"
    tree = ElementTree.parse(io.StringIO(written["junit"]))  # noqa: S314 - what we wrote ourselves a moment ago
    if any(INJECTED in str(each.attrib) for each in tree.iter("testcase")):
        yield "junit: a test case"


def _written(kind: str, attempt: Attempt) -> str:
    return b"".join(WRITERS[kind].render(_HEADER, (attempt,))).decode("utf-8")


def _told(check: CheckResult) -> CheckResult:
    return replace(check, findings=tuple(_finding(each) for each in check.findings))


def _finding(finding: Finding) -> Finding:
    told = tuple(each for each in finding.feedback if each.audience is Audience.STUDENT)
    return replace(finding, feedback=told)
