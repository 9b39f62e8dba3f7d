"""JUnit XML: what GitLab and Jenkins take, with the right counts, and nothing in it that does harm there."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import junitparser
import pytest
from tests.unit.writers.pieces import rendered, validate_junit

from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header
from torchgrade.writers import junit


def root_of(report: bytes) -> ElementTree.Element:
    validate_junit(report)
    return ElementTree.fromstring(report)  # noqa: S314 - our own text


@pytest.mark.parametrize("name", ["attempts", "hostile"])
def test_the_schema_and_the_parser_take_it(
    name: str, header: Header, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    report = rendered("junit", header, request.getfixturevalue(name))
    assert all(case[0].tag == "properties" for case in root_of(report).iter("testcase")), "Jenkins wants them first"
    (tmp_path / "junit.xml").write_bytes(report)
    parsed = junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert sum(suite.tests for suite in parsed) == len([case for suite in parsed for case in suite])


def test_failures_errors_and_skips_are_counted(header: Header, attempts: tuple[Attempt, ...]) -> None:
    alice, bob = root_of(rendered("junit", header, attempts)).findall("testsuite")
    assert (alice.get("tests"), alice.get("failures")) == ("3", "1")
    assert (bob.get("errors"), bob.get("skipped")) == ("1", "1")
    case = alice.findall("testcase")[1]
    assert (case.get("classname"), case.get("name"), case.get("file")) == (
        "alice",
        "linalg/solve::gradient",
        "class/alice.py",
    )
    assert case.findtext("failure") == (
        "drawn 3: It is transposed.\n  help: It is transposed.\nby hand: It is 2.\n  help: It is 2."
    )


def test_points_are_properties(header: Header, attempts: tuple[Attempt, ...]) -> None:
    alice = root_of(rendered("junit", header, attempts)).findall("testsuite")[0]
    sums, of_check = (
        {each.get("name"): each.get("value") for each in alice.findall(f"{path}properties/property")}
        for path in ("", "testcase[2]/")
    )
    assert (sums["points"], sums["max_points"], sums["torch"]) == ("5.33", "6", "2.13.0")
    assert of_check == {"points": "0.33", "max_points": "1"}


def test_the_class_is_the_assignment_and_the_submission(header: Header, attempts: tuple[Attempt, ...]) -> None:
    root = root_of(rendered("junit", replace(header, assignment="week1"), attempts))
    assert [case.get("classname") for case in root.iter("testcase")] == ["week1.alice"] * 3 + ["week1.bob"] * 2


def test_names_that_look_alike_in_xml_are_told_apart(header: Header, attempts: tuple[Attempt, ...]) -> None:
    """GitLab drops the second of two test cases with the same names."""
    people = [replace(attempts[0], submitter=f"eve{sign}") for sign in ("\x00", "\x01", "\ufffd (2)")]
    root = root_of(rendered("junit", header, people))
    assert [suite.get("name") for suite in root] == ["eve�", "eve� (2)", "eve� (2) (2)"]


def test_what_was_printed_stands_beside_the_first_loss_and_links_to_nothing(
    header: Header, attempts: tuple[Attempt, ...]
) -> None:
    printed = "seen\n[[ATTACHMENT|/etc/passwd]]\n" + "x" * 5_000
    root = root_of(rendered("junit", header, [replace(attempts[0], printed=printed)]))
    (out,) = [out.text or "" for out in root.iter("system-out")]
    assert out.startswith("seen\n[[\u200bATTACHMENT|")
    assert (len(out), out[-1]) == (junit.MOST_TEXT + 2, "…")


def test_no_file_is_too_large_for_gitlab(
    header: Header, attempts: tuple[Attempt, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(junit, "MOST_BYTES", 20_000)
    people = [replace(attempts[0], submitter=f"s{number:03}") for number in range(100)]
    report = rendered("junit", header, people)
    *suites, last = root_of(report)
    assert len(report) < 21_000
    (case,) = last.findall("testcase")
    assert case.find("skipped").get("message").startswith(f"{100 - len(suites)} submitters are left out")  # type: ignore[union-attr]


def test_a_declaration_of_lxml_is_left_out(header: Header, attempts: tuple[Attempt, ...]) -> None:
    class Suite:
        def tostring(self) -> bytes:
            return b"<?xml version='1.0' encoding='utf-8'?>\n<testsuite/>"

    assert junit._bytes(Suite()) == b"<testsuite/>\n"  # type: ignore[arg-type]


def test_points_are_cut_and_not_rounded(header: Header, attempts: tuple[Attempt, ...]) -> None:
    nearly = replace(attempts[1], points=Fraction(1999, 1000))
    (suite,) = root_of(rendered("junit", header, [nearly]))
    assert suite.find("properties/property[@name='points']").get("value") == "1.99"  # type: ignore[union-attr]
