"""Reports: the right words and numbers, the same bytes every time, and nothing a student wrote does any harm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import jsonschema
import pytest

from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.spec.schema import report_schema
from torchgrade.writers import WRITERS
from torchgrade.writers.github import of_diagnostics
from torchgrade.writers.terminal import details, summary
from torchgrade.writers.totals import shown, totals
from torchgrade.writers.words import losses


def rendered(kind: str, header: Header, attempts: Iterable[Attempt]) -> bytes:
    return b"".join(WRITERS[kind].render(header, attempts))


@pytest.mark.parametrize("kind", WRITERS)
def test_every_writer_is_under_its_kind_and_repeats_itself(
    kind: str, header: Header, attempts: tuple[Attempt, ...]
) -> None:
    assert WRITERS[kind].kind == kind
    assert rendered(kind, header, attempts) == rendered(kind, header, list(attempts))


@pytest.mark.parametrize("kind", WRITERS)
def test_every_writer_writes_an_empty_report(kind: str, header: Header) -> None:
    rendered(kind, header, ()).decode("utf-8")


def test_file_names_are_different() -> None:
    assert len({writer.filename for writer in WRITERS.values()}) == len(WRITERS)


@pytest.mark.parametrize("name", ["attempts", "hostile"])
def test_the_json_report_fits_its_schema(name: str, header: Header, request: pytest.FixtureRequest) -> None:
    report = json.loads(rendered("json", header, request.getfixturevalue(name)))
    jsonschema.Draft202012Validator(report_schema()).validate(report)


def test_the_json_report_says_what_the_contract_says(header: Header, attempts: tuple[Attempt, ...]) -> None:
    report = json.loads(rendered("json", header, attempts))
    assert list(report) == ["schema", "tool", "attempts", "totals"]
    first = report["attempts"][0]
    assert list(first)[:7] == ["submitter", "exercise", "verdict", "points", "max_points", "mistakes", "checks"]
    assert list(first["checks"][1])[:6] == ["name", "kind", "verdict", "points", "max_points", "findings"]
    assert (first["points"], first["checks"][1]["points"]) == (3.333333, 0.333333)
    finding = first["checks"][1]["findings"][0]
    assert (finding["case"], finding["verdict"], finding["mistake"]) == ("drawn 3", "wrong_answer", "transposed")
    assert finding["feedback"][0] == {
        "audience": "student",
        "rationale": "It is transposed.",
        "help": "help: It is transposed.",
    }
    assert finding["comparison"]["difference"] == "nan"
    assert report["totals"] == [
        {"submitter": "alice", "points": 5.333333, "max_points": 6.0},
        {"submitter": "bob", "points": 0.0, "max_points": 5.0},
    ]


@pytest.mark.parametrize("kind", ["markdown", "junit", "terminal", "github"])
def test_staff_words_are_not_for_students(kind: str, header: Header, attempts: tuple[Attempt, ...]) -> None:
    text = rendered(kind, header, attempts).decode()
    assert "It is transposed." in text
    assert "STAFF-ONLY" not in text


@pytest.mark.parametrize("kind", ["markdown", "terminal", "github"])
def test_control_characters_do_not_get_through(kind: str, header: Header, hostile: tuple[Attempt, ...]) -> None:
    text = rendered(kind, header, hostile).decode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "alert(1)" in text


def test_markdown_has_no_html_and_no_links_of_students(header: Header, hostile: tuple[Attempt, ...]) -> None:
    text = rendered("markdown", header, hostile).decode()
    prose = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)
    assert not re.search(r"(?<!\\)<script", prose)
    assert "](javascript" not in prose.replace("\\]", "")
    assert "@everyone" not in prose
    assert re.search(r"^````python$", text, re.MULTILINE), "the fence must be longer than the one inside"


def test_a_table_row_of_markdown_stays_one_row(header: Header, hostile: tuple[Attempt, ...]) -> None:
    rows = [line for line in rendered("markdown", header, hostile).decode().splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)


@pytest.mark.parametrize("name", ["attempts", "hostile"])
def test_junit_is_well_formed(name: str, header: Header, request: pytest.FixtureRequest) -> None:
    root = ElementTree.fromstring(rendered("junit", header, request.getfixturevalue(name)))  # noqa: S314 - our own text
    cases = root.findall(".//testcase")
    names = {(case.get("classname"), case.get("name")) for case in cases}
    assert len(names) == len(cases)
    assert all(case[0].tag == "properties" for case in cases), "Jenkins wants them first"


def test_junit_counts_failures_errors_and_skips(header: Header, attempts: tuple[Attempt, ...]) -> None:
    root = ElementTree.fromstring(rendered("junit", header, attempts))  # noqa: S314 - our own text
    alice, bob = root.findall("testsuite")
    assert (alice.get("tests"), alice.get("failures")) == ("3", "1")
    assert (bob.get("errors"), bob.get("skipped")) == ("1", "1")
    case = alice.findall("testcase")[1]
    assert (case.get("classname"), case.get("name")) == ("alice", "linalg/solve::gradient")
    assert case.findtext("failure") == (
        "drawn 3: It is transposed.\n  help: It is transposed.\nby hand: It is 2.\n  help: It is 2."
    )


def test_annotations_stand_on_the_students_line(header: Header, attempts: tuple[Attempt, ...]) -> None:
    lines = rendered("github", header, attempts).decode().splitlines()
    assert [line.split(" ", 1)[0] for line in lines] == ["::error", "::error", "::warning"]
    assert "::error file=class/alice.py,line=7,title=linalg/solve%2C gradient::drawn 3: It is transposed." in lines[1]
    assert "%0Aby hand: It is 2." in lines[1]


def test_a_student_cannot_write_annotations(header: Header, hostile: tuple[Attempt, ...]) -> None:
    (line,) = rendered("github", header, hostile).decode().splitlines()
    properties = line.split("::")[1]
    assert line.startswith("::error file=")
    assert "%3A%3Aerror" in properties
    assert [part.split("=")[0] for part in properties.removeprefix("error ").split(",")] == ["file", "line", "title"]


def test_at_most_ten_annotations_of_a_kind(header: Header, attempts: tuple[Attempt, ...]) -> None:
    many = [replace(attempts[0], submitter=f"s{number}") for number in range(15)]
    lines = rendered("github", header, many).decode().splitlines()
    assert len(lines) == 10
    assert lines[-1] == "::error title=torchgrade::6 more, see the summary"


def test_faults_of_exercises_are_annotations() -> None:
    fault = Diagnostic(path="a.yaml", line=3, column=5, code="duplicate-key", message="twice: a", hint="drop one")
    assert of_diagnostics([fault]) == (
        "::error file=a.yaml,line=3,col=5,title=duplicate-key::twice: a%0Ahint: drop one",
    )


def test_the_summary_has_a_row_for_each_attempt_and_a_total(attempts: tuple[Attempt, ...]) -> None:
    rows = summary(attempts, colour=False).splitlines()
    assert re.match(r"alice +linalg/solve +✗ wrong answer +3\.33 / 4$", rows[1])
    assert re.match(r"bob +linalg/solve +! judge error +0 / 3$", rows[3])
    assert re.match(r"alice +total +5\.33 / 6$", rows[-2])


def test_a_total_of_one_attempt_is_not_said_twice(attempts: tuple[Attempt, ...]) -> None:
    assert "total" not in summary((attempts[0], attempts[2]), colour=False)


def test_a_name_with_a_line_break_is_one_row(attempts: tuple[Attempt, ...]) -> None:
    rows = summary((replace(attempts[0], submitter="ali\nce"),), colour=False).splitlines()
    assert [row.split()[:2] for row in rows[1:]] == [["ali", "ce"]]


def test_what_the_code_printed_is_shown_from_its_beginning(attempts: tuple[Attempt, ...]) -> None:
    printed = "x" * 500 + "\n\x1b[31mred\n" + "more\n" * 20
    lines = details(replace(attempts[0], printed=printed), colour=False).splitlines()[-12:]
    assert lines[0] == "  your code printed:"
    assert lines[1] == "      " + "x" * 100 + "…"
    assert lines[2:4] == ["      red", "      more"]
    assert lines[-1] == "      … and 12 more"


def test_details_say_what_was_lost_and_how_to_see_it(attempts: tuple[Attempt, ...]) -> None:
    text = details(attempts[0], colour=False)
    assert text.splitlines()[0] == "✗ Title of linalg/solve (linalg/solve): wrong answer, 3.33 / 4 points"
    for said in (
        "gradient: wrong answer, 0.33 of 1 point",
        "drawn 3: It is transposed.",
        "to see it yourself, below your code:",
    ):
        assert said in text
    assert "        import torch\n        solve(1)" in text
    assert "value" not in text, "what was accepted is not listed"


def test_what_is_said_of_one_check_is_not_said_again_of_the_next(attempts: tuple[Attempt, ...]) -> None:
    lost = attempts[0].checks[1]
    text = details(replace(attempts[0], checks=(lost, replace(lost, name="again"))), colour=False)
    assert text.count("drawn 3: It is transposed.") == text.count("solve(1)") == 1
    assert text.splitlines()[-3:] == [
        "  ✗ again: wrong answer, 0.33 of 1 point",
        "      as above, in 1 case: drawn 3",
        "      as above, in 1 case: by hand",
    ]


@pytest.mark.parametrize(
    ("others", "more"),
    [
        (0, ""),
        (1, "the same in 1 more case: c0"),
        (4, "the same in 4 more cases: c0, c1, c2, c3"),
        (5, "the same in 5 more cases: c0, c1, c2, c3, …"),
    ],
)
def test_the_same_in_other_cases_is_counted_and_not_listed(
    others: int, more: str, attempts: tuple[Attempt, ...]
) -> None:
    check = attempts[0].checks[1]
    best, hidden = check.findings[1], replace(check.findings[1], visible=False)
    many = replace(check, findings=(*(replace(hidden, case=f"c{number}") for number in range(others)), best))
    ((_, (loss,)),) = losses(replace(attempts[0], checks=(many,)))
    assert (loss.finding.case, loss.more) == (best.case, more), "a visible case shows it best"


def test_colours_only_where_they_are_wanted(attempts: tuple[Attempt, ...]) -> None:
    assert "\x1b[" in details(attempts[0], colour=True)
    assert "\x1b[" not in details(attempts[0], colour=False)


@pytest.mark.parametrize(
    ("points", "text"), [("3", "3"), ("5/2", "2.5"), ("1/3", "0.33"), ("2/3", "0.66"), ("0", "0"), ("100", "100")]
)
def test_points_are_never_rounded_up(points: str, text: str) -> None:
    assert shown(Fraction(points)) == text


def test_totals_keep_exact_thirds(attempts: tuple[Attempt, ...]) -> None:
    assert totals(attempts)[0].points == Fraction(16, 3)


def test_of_a_whole_class_the_summary_shows_sums(attempts: tuple[Attempt, ...]) -> None:
    right = next(attempt for attempt in attempts if attempt.verdict is Verdict.ACCEPTED)
    wrong = next(attempt for attempt in attempts if attempt.verdict is not Verdict.ACCEPTED)
    many = [replace(each, submitter=f"s{place:03}") for place in range(150) for each in (right, wrong)]
    rows = summary(many, colour=False).splitlines()
    assert len(rows) == 150 + 4 + len({right.exercise, wrong.exercise}) - 1
    points, most = shown(right.points + wrong.points), shown(right.max_points + wrong.max_points)
    assert rows[1].split() == ["s000", "1", "of", "2", points, "/", most]
    solved = {row.split()[0]: row.split()[1:] for row in rows[152:]}
    assert solved[right.exercise][0] == "150"


def test_what_is_observed_is_said_once_for_each_check(header: Header, attempts: tuple[Attempt, ...]) -> None:
    solve = [each for each in attempts if each.exercise == "linalg/solve"]
    seen = [replace(each, checks=tuple(replace(check, observed=True) for check in each.checks)) for each in solve]
    note = "Observed, not proven: linalg/solve (value, gradient)."
    for kind in ("markdown", "terminal"):
        text = " ".join(rendered(kind, header, seen).decode().replace("\\", "").split())
        assert text.count("not proven") == text.count(note) == 1
        assert "not proven" not in rendered(kind, header, attempts).decode()
    assert rendered("junit", header, seen).decode().count('name="observed" value="not proven"') == 3
    report = json.loads(rendered("json", header, seen))
    assert {check.get("observed") for each in report["attempts"] for check in each["checks"]} == {True}
    assert b"observed" not in rendered("json", header, attempts).replace(b'"observed": "2"', b"")
